import { expect } from 'chai';
import { generateContacts, generateMails, liveMails, OWN_DOMAIN } from '../../samples/index.ts';
import { NOW, type Parsed, parse } from './parsed.ts';

const options = { seed: 1, count: 320, now: NOW, meanBytes: 15_000 };

const day = async (count: number): Promise<Parsed[]> => {
  let minutes = 0;
  const clock = (): Date => new Date(NOW.getTime() + ++minutes * 60_000);
  const live = liveMails({ ...options, clock });
  const all: Parsed[] = [];
  while (all.length < count) all.push(await parse(live.next().value));
  return all;
};

describe('samples: a live day', () => {
  let all: Parsed[];
  before(async () => {
    all = await day(60);
  });

  it('answers in threads of the mailbox and opens new ones', async () => {
    const held = new Set<string>();
    for (const mail of generateMails(options)) held.add((await parse(mail)).email.messageId ?? '');
    expect(all.some(({ email }) => email.inReplyTo && held.has(email.inReplyTo))).to.equal(true);
    expect(all.some(({ email, mail }) => !email.inReplyTo && mail.folder === 'INBOX')).to.equal(true);
    for (const { email } of all) expect(held.has(email.messageId ?? '')).to.equal(false);
  });

  it('dates each mail when it is asked for', () => {
    all.forEach(({ mail }, i) => {
      expect(mail.date.getTime()).to.equal(NOW.getTime() + (i + 1) * 60_000);
    });
  });

  it('takes the time of the real clock by default', () => {
    const before = Date.now();
    const { date } = liveMails(options).next().value;
    expect(date.getTime()).to.be.within(before, Date.now());
  });

  it('brings one unknown sender among known ones, early on', () => {
    const { contacts } = generateContacts({ seed: 1, now: NOW });
    const strangers = new Set([
      'clara@vinterhed-yoga.example',
      'jasper.quill@northmere.example',
      'tuomo.halkosaari@postilaatikko.example',
    ]);
    const senders = all.filter(({ mail }) => mail.folder === 'INBOX').map(({ email }) => email.from?.address ?? '');
    const unknown = new Set(senders.filter(address => !contacts.includes(address) && !strangers.has(address)));
    expect([...unknown]).to.deep.equal(['nea.rautalahti@postilaatikko.example']);
    expect(
      all.slice(0, 5).some(({ email }) => email.from?.address === 'nea.rautalahti@postilaatikko.example'),
    ).to.equal(true);
  });

  it('comes from our own people in Sent only', () => {
    for (const { mail, email } of all)
      expect(email.from?.address?.endsWith(`@${OWN_DOMAIN}`)).to.equal(mail.folder === 'Sent');
    expect(all.some(({ mail }) => mail.folder === 'Sent')).to.equal(true);
  });

  it('is the same again for the same seed and clock', async () => {
    const again = await day(60);
    expect(again.map(({ source }) => source)).to.deep.equal(all.map(({ source }) => source));
  });
});
