import { isoDay } from './clock.ts';
import { organisations } from './data/organisations.ts';
import { contactRows, endedContacts, secondAddresses } from './data/people.ts';
import { makeRandom, type Random } from './random.ts';
import type { Contact, Organisation } from './types.ts';

const DAY = 86_400_000;

const plainLetters = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/[^A-Za-z-]/g, '')
    .toLowerCase();

/** Numbers that look right and ring nowhere: an unused Finnish block, the ranges that PTS and Ofcom keep for fiction. */
const phone = (zone: number, n: number, random: Random): string => {
  if (zone === 1) return `+46 70 174 06 ${10 + n}`;
  if (zone === 0) return `+44 20 7946 0${100 + n}`;
  return `${random.chance(0.4) ? '0' : '+358 '}40 000 01${10 + n}`;
};

const organisationOf = (id: string): Organisation => {
  const found = organisations.find(o => o.externalId === id);
  if (!found) throw new Error(`no organisation ${id}`);
  return found;
};

const contactOf = (row: (typeof contactRows)[number], n: number, random: Random): Contact => {
  const [id, first, last, title, client] = row;
  const organisation = organisationOf(id);
  const local =
    id === 'O-12'
      ? `${plainLetters(first).slice(0, 1)}${plainLetters(last)}`
      : `${plainLetters(first)}.${plainLetters(last)}`;
  const also = secondAddresses.get(last);
  const ended = endedContacts.get(last);
  return {
    externalId: `C-${1001 + n}`,
    first,
    last,
    title,
    client,
    organisation,
    lang: organisation.lang,
    zone: organisation.zone,
    email: `${local}@${organisation.domains[0]}`,
    username: `${plainLetters(last).slice(0, 6)}${plainLetters(first).slice(0, 2)}${random.int(1, 9)}`,
    phone: phone(organisation.zone, n, random),
    startedDaysAgo: Math.max((ended ?? 0) + 200, organisation.startedDaysAgo - random.int(0, 500)),
    ...(also ? { also } : {}),
    ...(ended ? { endedDaysAgo: ended } : {}),
  };
};

/** The people of the register; their numbers, user names and start dates depend on the seed. */
export const makeContacts = (seed: number): Contact[] => {
  const random = makeRandom(seed ^ 0x5eed);
  return contactRows.map((row, n) => contactOf(row, n, random));
};

const HEADER = 'external_id,first_name,last_name,organisation,email,phone,username,relationship_start,relationship_end';

const field = (value: string): string => (/[",;\n]/.test(value) ? `"${value.replace(/"/g, '""')}"` : value);

/** What POST /organisations takes. */
export interface OrganisationRecord {
  externalId: string;
  name: string;
  domains: string[];
  relationship: { startedAt: string; endedAt: string | null };
}

/**
 * The register that belongs to the mails of `generateMails` with the same seed: `contacts` is the text for
 * POST /contacts/imports, `organisations` are bodies for POST /organisations. Dates are counted back from `now`.
 */
export const generateContacts = ({
  seed,
  now = new Date(),
}: {
  seed: number;
  now?: Date;
}): { contacts: string; organisations: OrganisationRecord[] } => {
  const daysAgo = (days: number | undefined): string | null =>
    days === undefined ? null : isoDay(new Date(now.getTime() - days * DAY));
  const lines = makeContacts(seed).map(contact =>
    [
      contact.externalId,
      contact.first,
      contact.last,
      contact.organisation.name,
      [contact.email, ...(contact.also ? [contact.also] : [])].join(';'),
      contact.phone,
      contact.username,
      daysAgo(contact.startedDaysAgo) ?? '',
      daysAgo(contact.endedDaysAgo) ?? '',
    ]
      .map(field)
      .join(','),
  );
  return {
    contacts: `${[HEADER, ...lines].join('\n')}\n`,
    organisations: organisations.map(({ externalId, name, domains, startedDaysAgo, endedDaysAgo }) => ({
      externalId,
      name,
      domains,
      relationship: { startedAt: daysAgo(startedDaysAgo) ?? '', endedAt: daysAgo(endedDaysAgo) },
    })),
  };
};
