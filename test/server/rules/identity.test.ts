import { expect } from 'chai';
import fc from 'fast-check';
import {
  identifierKey,
  isPublicMailDomain,
  mailDomain,
  normaliseIdentifier,
  organisationDomainsOf,
  searchPrefixes,
  searchWords,
} from '../../../server/rules/identity.ts';

const normal = (type: string, value: string, country = 'FI') => normaliseIdentifier({ type, value }, { country });
const email = (value: string) => normal('email', value)?.value ?? null;
const phone = (value: string, country = 'FI') => normal('phone', value, country)?.value ?? null;

describe('rules/identity', () => {
  describe('e-mail addresses', () => {
    it('are trimmed, lower case, with an ASCII domain', () => {
      expect(email('  Paivi.Makela@Kuusilahti.EXAMPLE ')).to.equal('paivi.makela@kuusilahti.example');
      expect(email('päivi@mäkelä.fi')).to.equal('päivi@xn--mkel-load.fi');
      expect(email('PÄIVI@MÄKELÄ.FI')).to.equal(email('pa\u0308ivi@ma\u0308kela\u0308.fi'));
      expect(email('a@b.example.')).to.equal('a@b.example');
      expect(email('\u202aa@b.example\u202c\u200b')).to.equal('a@b.example');
    });

    it('are taken as they come in the wild', () => {
      for (const address of [
        'root@localhost',
        '"john doe"@x.example',
        'a@[192.0.2.1]',
        "o'hara@x.example",
        'a_b@c_d.example',
        '.x.@y.example',
      ])
        expect(email(address), address).to.equal(address);
    });

    it('are one with quotes that they don’t need and without', () => {
      for (const [address, same] of [
        ['"Paivi"@x.example', 'paivi@x.example'],
        ['"pai\\vi.m"@x.example', 'paivi.m@x.example'],
        ['"john \\doe"@x.example', '"john doe"@x.example'],
        ['"a\\@b"@x.example', '"a@b"@x.example'],
        ['"a\\"b\\\\"@x.example', '"a\\"b\\\\"@x.example'],
        ['"a\\u\\\u0308"@x.example', 'aü@x.example'],
      ] as const) {
        expect(email(address), address).to.equal(same);
        expect(email(same), same).to.equal(same);
      }
    });

    it('are refused when they are none', () => {
      for (const text of [
        '',
        'x',
        '@x.example',
        'x@',
        'a b@x.example',
        'a@b c.example',
        'a@b..example',
        'a@-b',
        '<a@b.example>',
        'a@b,c@d',
        'a\n@b.example',
        `${'x'.repeat(320)}@y.example`,
      ])
        expect(email(text), text).to.equal(null);
    });

    it('find their mailbox by their key, tagged or not', () => {
      const key = (value: string) => identifierKey({ type: 'email', value });
      expect(key('paivi+varaus@x.example')).to.equal('email:paivi@x.example');
      expect(key('paivi+a+b@x.example')).to.equal('email:paivi@x.example');
      expect(key('paivi@x.example')).to.equal('email:paivi@x.example');
      expect(key('+358401234567@sms.example')).to.equal('email:+358401234567@sms.example');
      expect(key('"a+b"@x.example')).to.equal('email:"a+b"@x.example');
    });

    it('normalise once: a second time changes nothing', () => {
      fc.assert(
        fc.property(fc.emailAddress(), address => {
          const once = email(address);
          return once !== null && email(once) === once && once === once.toLowerCase();
        }),
      );
    });
  });

  describe('phone numbers', () => {
    it('are E.164, with the default country where they have no prefix', () => {
      for (const text of [
        '040 123 4567',
        '+358 40 1234567',
        '00358 40 1234567',
        'tel:+358-40-1234567',
        '+358 (0)40 1234567',
        // as copied from an address book or a messenger
        '\u202a+358\u00a040\u00a01234567\u202c',
        ' \u2068040 123 4567\u2069 ',
        '\u200e040\u2011123\u20114567\ufeff',
      ])
        expect(phone(text), text).to.equal('+358401234567');
      expect(phone('070-123 45 67', 'SE')).to.equal('+46701234567');
      expect(identifierKey({ type: 'phone', value: '+358401234567' })).to.equal('phone:+358401234567');
    });

    it('are refused when nobody in the world has them', () => {
      for (const text of ['112', '1234', 'anonymous', '', '+1', '+999123456789', 'call me 0401234567', 'sip:040@x'])
        expect(phone(text), text).to.equal(null);
      expect(phone('040 123 4567', 'ZZ')).to.equal(null);
    });
  });

  it('what has half of a surrogate pair is none: stored, it would be another', () => {
    for (const [type, value] of [
      ['email', 'a\ud83d@x.example'],
      ['username', 'a\ud83d'],
      ['chat', 'account:\ude00'],
    ] as const)
      expect(normal(type, value), type).to.equal(null);
    expect(normal('chat', 'a😀')?.value).to.equal('a😀');
  });

  it('user names are lower case, other identifiers as they are, none empty', () => {
    expect(normal('Username', ' PMakela ')).to.deep.equal({ type: 'username', value: 'pmakela' });
    expect(normal('visitor', ' AbC ')).to.deep.equal({ type: 'visitor', value: 'AbC' });
    expect(normal('username', '  ')).to.equal(null);
    expect(normal('username', 'a\u0000b')).to.equal(null);
    expect(normal('email:x', 'y')).to.equal(null);
    expect(normal('', 'y')).to.equal(null);
  });

  describe('domains', () => {
    it('are an address’s host part', () => {
      expect(mailDomain('a@b.example')).to.equal('b.example');
      expect(mailDomain('a@[192.0.2.1]')).to.equal(null);
      expect(mailDomain('nobody')).to.equal(null);
    });

    it('belong to an organisation down to the one it registered, and no further', () => {
      expect(organisationDomainsOf('a.sub.kuusilahti.example')).to.deep.equal([
        'a.sub.kuusilahti.example',
        'sub.kuusilahti.example',
        'kuusilahti.example',
      ]);
      expect(organisationDomainsOf('x.shop.co.uk')).to.deep.equal(['x.shop.co.uk', 'shop.co.uk']);
      expect(organisationDomainsOf('me.github.io')).to.deep.equal(['me.github.io']);
      for (const nobodys of ['co.uk', 'github.io', 'fi', 'localhost', '192.0.2.1', ''])
        expect(organisationDomainsOf(nobodys), nobodys).to.deep.equal([]);
    });

    it('of free mail and of internet providers’ customers are public', () => {
      for (const name of [
        'gmail.com',
        'hotmail.com',
        'hotmail.fi',
        'outlook.com',
        'icloud.com',
        'proton.me',
        'gmx.net',
        'elisanet.fi',
        'kolumbus.fi',
        'luukku.com',
        'pp.inet.fi',
        'telia.com',
        'comhem.se',
        'mail.ru',
      ])
        expect(isPublicMailDomain(name), name).to.equal(true);
      for (const name of [
        'kuusilahti.example',
        'helsinki.fi',
        'aalto.fi',
        'elisa.fi',
        'google.com',
        'example.com',
        'localhost',
      ])
        expect(isPublicMailDomain(name), name).to.equal(false);
    });
  });

  describe('search', () => {
    const words = searchWords({
      name: { first: 'Päivi', last: 'Mäkelä-Sjøberg' },
      identifiers: [
        { type: 'email', value: 'paivi.m@sub.kuusilahti.example' },
        { type: 'phone', value: '+358401234567' },
        { type: 'username', value: 'PMakela' },
      ],
      organisationName: 'Kuusilahden Kaupunki Oy',
      externalId: 'C-17',
    });

    it('knows names with and without diacritics, and the pieces of identifiers', () => {
      expect(words).to.include.members(['päivi', 'paivi', 'mäkelä-sjøberg', 'mäkelä', 'makela', 'sjøberg', 'sjoberg']);
      expect(words).to.include.members([
        'paivi.m@sub.kuusilahti.example',
        'paivi.m',
        'sub.kuusilahti.example',
        'kuusilahti.example',
      ]);
      expect(words).to.include.members([
        '+358401234567',
        '358401234567',
        '0401234567',
        'pmakela',
        'kuusilahden',
        'c-17',
      ]);
      expect(words).to.not.include.members(['']);
      expect(new Set(words).size).to.equal(words.length);
    });

    it('takes what people type', () => {
      const finds = (q: string) => searchPrefixes(q).every(prefix => words.some(word => word.startsWith(prefix)));
      for (const q of [
        'PÄI',
        'makel',
        'päivi mäk',
        '040 123',
        '040-1234567',
        '+358 40 123',
        '+358 (0)40 123',
        '0035840',
        '\u202a+358 40 123\u202c',
        '358',
        '@kuusilahti',
        'kaup',
        'c-17',
        '"Päivi"',
      ])
        expect(finds(q), q).to.equal(true);
      for (const q of ['päivi virtanen', 'elä', '041', 'xyz']) expect(finds(q), q).to.equal(false);
      expect(searchPrefixes('   ')).to.deep.equal([]);
      expect(searchPrefixes('\u0000 p\u0000b')).to.deep.equal(['p', 'b']);
    });

    it('finds a mailbox by its address, whether the stored or the typed one has a tag', () => {
      for (const stored of ['paivi@kuusilahti.example', 'paivi+hallit@kuusilahti.example']) {
        const found = searchWords({ identifiers: [{ type: 'email', value: stored }] });
        const finds = (q: string) => searchPrefixes(q).every(prefix => found.some(word => word.startsWith(prefix)));
        for (const q of ['paivi@kuusilahti.example', 'Paivi+muu@kuusilahti.example', 'paivi@kuus'])
          expect(finds(q), `${q} finds ${stored}`).to.equal(true);
        expect(finds('+hallit@kuusilahti.example')).to.equal(false);
      }
    });

    it('finds an international domain as it is stored and as it is written', () => {
      const found = searchWords({ identifiers: [{ type: 'email', value: 'a@xn--mkel-load.example' }] });
      const finds = (q: string) => searchPrefixes(q).every(prefix => found.some(word => word.startsWith(prefix)));
      for (const q of [
        'xn--mkel',
        'a@xn--mkel-load.example',
        'mäkelä',
        'Makela',
        '@mäkelä.example',
        'a@mäkelä.example',
      ])
        expect(finds(q), q).to.equal(true);
    });

    it('never finds a name under a word that it has no beginning of', () => {
      fc.assert(
        fc.property(fc.string({ unit: 'grapheme' }), text => {
          const found = searchWords({ name: { first: text, last: null } });
          return found.every(word => word !== '' && word.length <= 100);
        }),
      );
    });
  });
});
