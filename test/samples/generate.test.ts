import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { generateMails, type MailOptions, OWN_DOMAIN } from '../../samples/index.ts';
import { headOf, NOW, type Parsed, parseAll } from './parsed.ts';

const hashes = (options: Partial<MailOptions> = {}): string[] =>
  [...generateMails({ seed: 1, count: 320, now: NOW, ...options })].map(({ raw }) =>
    createHash('sha256').update(raw).digest('hex'),
  );

const receivedAt = (parsed: Parsed): Date => {
  const [, date = ''] = /^Received: [^;]*;\s*([^\r]*)/m.exec(headOf(parsed)) ?? [];
  return new Date(date);
};

describe('samples: mails', () => {
  let all: Parsed[];
  before(async () => {
    all = await parseAll();
  });

  it('are the same for the same seed and others for another', () => {
    const first = hashes();
    expect(hashes()).to.deep.equal(first);
    expect(hashes({ seed: 2 }).filter(hash => first.includes(hash))).to.deep.equal([]);
  });

  it('are as many as were asked for, in both folders', () => {
    for (const count of [0, 1, 7, 320, 1000]) expect(hashes({ count, meanBytes: 8_000 })).to.have.length(count);
    const sent = all.filter(({ mail }) => mail.folder === 'Sent').length;
    expect(sent / all.length).to.be.within(0.3, 0.5);
  });

  it('differ from each other in their bytes', () => {
    for (const count of [320, 3000])
      expect(new Set(hashes({ count, meanBytes: 10_000 }))).to.have.property('size', count);
  });

  it('come in order over two years, none later than now', () => {
    const dates = all.map(({ mail }) => mail.date.getTime());
    expect(dates).to.deep.equal([...dates].sort((a, b) => a - b));
    expect(dates[0]).to.be.within(NOW.getTime() - 731 * 86_400_000, NOW.getTime() - 700 * 86_400_000);
    expect(dates.at(-1)).to.be.within(NOW.getTime() - 21 * 86_400_000, NOW.getTime());
  });

  it('bear no date after now in any header', () => {
    for (const parsed of all) {
      const written = new Date(parsed.email.date ?? '');
      expect(written.getTime(), parsed.email.date).to.be.at.most(parsed.mail.date.getTime());
      if (parsed.mail.folder === 'INBOX') {
        const seconds = Math.floor(parsed.mail.date.getTime() / 1000) * 1000;
        expect(receivedAt(parsed).getTime()).to.equal(seconds);
      }
    }
  });

  it('have the mean size that was asked for', () => {
    for (const meanBytes of [16_000, 36_000, 80_000]) {
      let bytes = 0;
      for (const { raw } of generateMails({ seed: 3, count: 2000, now: NOW, meanBytes })) bytes += raw.length;
      expect(bytes / 2000).to.be.within(meanBytes * 0.9, meanBytes * 1.1);
    }
  });

  it('keep to the line length of RFC 5322 and end lines with CRLF', () => {
    for (const { source } of all) {
      expect(source.replace(/\r\n/g, '')).to.not.match(/[\r\n]/);
      expect(Math.max(...source.split('\r\n').map(line => line.length))).to.be.at.most(998);
    }
  });

  it('are sent by our own people only from Sent, and by others only to INBOX', () => {
    for (const { mail, email } of all)
      expect(email.from?.address?.endsWith(`@${OWN_DOMAIN}`)).to.equal(mail.folder === 'Sent');
    expect(
      new Set(all.filter(({ mail }) => mail.folder === 'Sent').map(({ email }) => email.from?.address)),
    ).to.have.property('size', 3);
  });

  it('form threads whose replies name a mail that was sent before', () => {
    const seen = new Set<string>();
    let replies = 0;
    for (const { email } of all) {
      if (email.inReplyTo) {
        replies++;
        expect(seen.has(email.inReplyTo), email.inReplyTo).to.equal(true);
        expect(email.references?.split(/\s+/).at(-1)).to.equal(email.inReplyTo);
      }
      if (email.messageId) seen.add(email.messageId);
    }
    expect(replies).to.be.greaterThan(120);
  });

  it('quote in three languages', () => {
    const texts = all.map(({ email }) => email.text ?? '');
    for (const line of [
      /^.+ kirjoitti.*:$/m,
      /^.*skrev .+:$/m,
      /^On [\s\S]{10,140}? wrote:$/m,
      /^Lähettäjä: /m,
      /^Från: /m,
      /^From: /m,
    ]) {
      expect(texts.filter(text => line.test(text)).length, String(line)).to.be.greaterThan(2);
    }
  });

  it('leave no slot of a template open', () => {
    for (const { email } of all) {
      expect(`${email.subject ?? ''} ${email.text ?? ''} ${email.html ?? ''}`).to.not.match(
        /\{(?:room|date|time|booking|group|first|file|iso|n)\d?\}|undefined|NaN/,
      );
    }
  });
});
