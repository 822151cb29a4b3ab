import emailProviders from 'email-providers';
import { getDomain } from 'tldts';

// Missing in the list: consumer domains of internet providers in Finland and Sweden, and newer domains of common providers.
const more = `
elisanet.fi kolumbus.fi saunalahti.fi luukku.com suomi24.fi inet.fi sonera.fi welho.com dnainternet.net dnainternet.fi
iki.fi netti.fi phnet.fi nic.fi surffi.fi jippii.fi mbnet.fi wippies.com wippies.fi nettiposti.fi pp.fi kotiposti.net sci.fi
surffi.net kotinet.com japo.fi htv.fi haminetti.net msoynet.com tnnet.fi fimnet.fi nettilinja.fi
kaisanet.fi kymp.net lounea.fi mail.fi jyu-mail.fi aina.net anvianet.fi netikka.fi multi.fi suomi.net dlc.fi hotmail.fi
live.fi outlook.fi windowslive.com yahoo.fi telia.com comhem.se bredband.net bredband2.com passagen.se swipnet.se tele2.se
telia.se bahnhof.se glocalnet.net hotmail.se live.se outlook.se spray.se home.se ownit.se tele2.com telenor.se ektv.nu
online.no hotmail.no live.no aland.net tutanota.com tutanota.de tuta.io tuta.com tutamail.com keemail.me fastmail.com
fastmail.fm duck.com posteo.de posteo.net mailbox.org pm.me proton.me hey.com privaterelay.appleid.com icloud.com skiff.com
`;
// In the list, but reserved for examples (RFC 2606).
const reserved = /^example\.(?:com|net|org)$/;

const publicDomains = new Set([...emailProviders, ...more.trim().split(/\s+/)].filter(name => !reserved.test(name)));

/** Host part of a normalised address; null for an address literal or when there is none. */
export const mailDomain = (address: string): string | null => {
  const domain = address.slice(address.lastIndexOf('@') + 1);
  return domain === address || domain === '' || domain.startsWith('[') ? null : domain;
};

/**
 * A domain (lower case, ASCII) and its parents up to the registered one, nearest first. Empty for a public suffix (`co.uk`, `github.io`), a bare host or an IP
 * address, which belong to no single organisation.
 */
export const organisationDomainsOf = (domain: string): string[] => {
  const registered = getDomain(domain, { allowPrivateDomains: true, validateHostname: false });
  if (!registered) return [];
  const names = [domain];
  for (let name = domain; name !== registered; names.push(name)) name = name.slice(name.indexOf('.') + 1);
  return names;
};

/** Whether this is the domain of a public mail provider (free mail, internet access), so that it says nothing about an organisation. */
export const isPublicMailDomain = (domain: string): boolean =>
  publicDomains.has(domain) || organisationDomainsOf(domain).some(name => publicDomains.has(name));
