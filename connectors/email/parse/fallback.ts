import { createHash } from 'node:crypto';
import { makeMailKey } from '../key.ts';
import { type Field, readHeader } from './fields.ts';
import { headerText, readHead } from './mail.ts';
import { type MailBytes, openMail } from './source.ts';
import type { MailContext, MailSource, ParsedMail } from './types.ts';

const MAX_HEADER = 256 * 1024;
const MAX_TEXT = 64 * 1024;

const NOTICE = 'It could not be parsed: its beginning is shown as it stands, and the original is kept.';

const attempt = <T>(read: () => T, otherwise: T): T => {
  try {
    return read();
  } catch {
    return otherwise;
  }
};

const hashes = (mail: MailBytes): { key: string; sha256: string } => {
  const hash = createHash('sha256');
  const key = makeMailKey();
  for (const chunk of mail.chunks()) {
    hash.update(chunk);
    key.write(chunk);
  }
  return { key: key.digest(), sha256: hash.digest('hex') };
};

/** Header facts with nothing in them, for a header that can't be read either. */
const noHead = (context: MailContext): ReturnType<typeof readHead> => readHead([], undefined, context);

/**
 * What can be said of a mail that the parser failed on: its hashes, its header fields where they can be read, the beginning of
 * its body as it stands, and a notice. Throws only when the source can't be read.
 */
export const parseFallback = (source: MailSource, context: MailContext): ParsedMail => {
  const mail = openMail(source);
  try {
    const start = mail.read(0, MAX_HEADER + MAX_TEXT).toString('latin1');
    const block = attempt(() => readHeader(start, 0, { final: true, limit: MAX_HEADER }), null);
    const fields: readonly Field[] = block?.fields ?? [];
    const body = block?.body ?? 0;
    return {
      ...hashes(mail),
      size: mail.size,
      headers: attempt(() => headerText(start.slice(0, block?.end ?? 0)), ''),
      ...attempt(() => readHead(fields, undefined, context), noHead(context)),
      text: attempt(() => headerText(start.slice(body, body + MAX_TEXT)), ''),
      parts: [],
      automated: null,
      notice: NOTICE,
    };
  } finally {
    mail.close();
  }
};
