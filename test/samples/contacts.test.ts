import { expect } from 'chai';
import { parse as parseCsv } from 'csv-parse/sync';
import { parsePhoneNumberFromString } from 'libphonenumber-js';
import { generateContacts } from '../../samples/index.ts';
import { NOW, type Parsed, parseAll } from './parsed.ts';

const rows = (seed = 1): Record<string, string>[] =>
  parseCsv(generateContacts({ seed, now: NOW }).contacts, { columns: true });
const addresses = (): Set<string> => new Set(rows().flatMap(row => (row.email ?? '').split(';')));

/** Whom the mails that people wrote come from: neither ours, nor a machine's. */
const people = (all: readonly Parsed[]): string[] =>
  all
    .filter(({ mail }) => mail.folder === 'INBOX')
    .map(({ email }) => (email.from?.address ?? '').replace(/\+[^@]*/, ''))
    .filter(address => !/^(?:mailer-daemon|no-reply|uutiskirje)@/i.test(address));

describe('samples: register', () => {
  let all: Parsed[];
  before(async () => {
    all = await parseAll();
  });

  it('is a CSV with the header of POST /contacts/imports and forty lines', () => {
    const { contacts } = generateContacts({ seed: 1, now: NOW });
    const header =
      'external_id,first_name,last_name,organisation,email,phone,username,relationship_start,relationship_end';
    expect(contacts.split('\n')[0]).to.equal(header);
    expect(rows()).to.have.length(40);
    expect(new Set(rows().map(row => row.external_id))).to.have.property('size', 40);
    expect(new Set(rows().map(row => row.username))).to.have.property('size', 40);
    for (const row of rows()) expect(row.relationship_start).to.match(/^\d{4}-\d\d-\d\d$/);
  });

  it('is the same for the same seed', () => {
    expect(generateContacts({ seed: 5, now: NOW })).to.deep.equal(generateContacts({ seed: 5, now: NOW }));
    expect(generateContacts({ seed: 5, now: NOW }).contacts).to.not.equal(
      generateContacts({ seed: 6, now: NOW }).contacts,
    );
  });

  it('has telephone numbers that are valid and nobody else has', () => {
    const numbers = rows().map(row => parsePhoneNumberFromString(row.phone ?? '', 'FI'));
    for (const number of numbers) expect(number?.isValid(), number?.number).to.equal(true);
    expect(new Set(numbers.map(number => number?.number))).to.have.property('size', 40);
  });

  it('has twelve organisations, one of them ended, whose domains are those of the contacts', () => {
    const { organisations } = generateContacts({ seed: 1, now: NOW });
    expect(organisations).to.have.length(12);
    expect(organisations.filter(({ relationship }) => relationship.endedAt)).to.have.length(1);
    const domains = new Map(organisations.map(({ name, domains }) => [name, domains]));
    for (const row of rows()) {
      const [first = ''] = (row.email ?? '').split(';');
      expect(domains.get(row.organisation ?? '')).to.include(first.split('@')[1]);
    }
  });

  it('has a contact whose relationship ended three years ago and still writes', () => {
    const ended = rows().filter(row => row.relationship_end);
    expect(ended).to.have.length(2);
    const old = ended.find(row => row.relationship_end === '2023-03-02');
    expect(people(all)).to.include(old?.email);
  });

  it('knows all who write but three', () => {
    const known = addresses();
    const unknown = new Set(people(all).filter(address => !known.has(address)));
    expect([...unknown].sort()).to.deep.equal([
      'clara@vinterhed-yoga.example',
      'jasper.quill@northmere.example',
      'tuomo.halkosaari@postilaatikko.example',
    ]);
  });

  it('is written to and by nearly everybody in it', () => {
    const known = addresses();
    const writers = new Set(people(all).filter(address => known.has(address)));
    expect(writers.size).to.be.at.least(36);
  });

  it('is left in peace by those whose organisation ended, but for its last questions', () => {
    const { organisations } = generateContacts({ seed: 1, now: NOW });
    const ended = organisations.find(({ relationship }) => relationship.endedAt);
    const end = new Date(ended?.relationship.endedAt ?? '');
    const theirs = all.filter(({ email }) => email.from?.address?.endsWith(`@${ended?.domains[0]}`));
    const late = theirs.filter(({ mail }) => mail.date > end);
    expect(late).to.not.be.empty;
    expect(theirs.length).to.be.greaterThan(late.length);
  });
});
