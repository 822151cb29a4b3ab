import '@exodus/bytes/encoding.js';
import PostalMime, { type Email } from 'postal-mime';
import { generateMails, type MailOptions, type SampleMail } from '../../samples/index.ts';

export const NOW = new Date('2026-03-02T12:00:00Z');

/** A generated mail, as bytes in Latin-1 and as a parser sees it. */
export interface Parsed {
  mail: SampleMail;
  source: string;
  email: Email;
}

export const parse = async (mail: SampleMail): Promise<Parsed> => ({
  mail,
  source: mail.raw.toString('latin1'),
  email: await PostalMime.parse(mail.raw, { forceRfc822Attachments: true }),
});

/** All mails of a mailbox, parsed. */
export const parseAll = async (options: Partial<MailOptions> = {}): Promise<Parsed[]> => {
  const all: Parsed[] = [];
  for (const mail of generateMails({ seed: 1, count: 320, now: NOW, ...options })) all.push(await parse(mail));
  return all;
};

/** The header block. */
export const headOf = ({ source }: Parsed): string => source.slice(0, source.indexOf('\r\n\r\n'));
