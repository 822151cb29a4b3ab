import { createHash } from 'node:crypto';
import { makeMailKey } from '../key.ts';
import { withShortLists } from './addresses.ts';
import { decodeText } from './charset.ts';
import { readEntity } from './entity.ts';
import { type Field, type HeaderBlock, readHeader } from './fields.ts';
import { headerText, readHead } from './mail.ts';
import { isHtml } from './shown.ts';
import { type MailBytes, openMail } from './source.ts';
import { decodeBody } from './transfer.ts';
import type { MailContext, MailSource, ParsedMail } from './types.ts';

/** Bytes that are read of a mail. */
const HEAD = 256 * 1024;
const TEXT = 64 * 1024;
/** Characters that are read of one address field: this runs in the main thread, where nothing can stop it. */
const LIST = 16 * 1024;

/** The result of `read`, or `otherwise` when it throws. Nothing but reading the source may fail here. */
const attempt = <T>(read: () => T, otherwise: T): T => {
  try {
    return read();
  } catch {
    return otherwise;
  }
};

const digests = (mail: MailBytes): { key: string; sha256: string } => {
  const hash = createHash('sha256');
  const hasher = makeMailKey();
  let keyed = true;
  for (const chunk of mail.chunks()) {
    hash.update(chunk);
    keyed &&= attempt(() => {
      hasher.write(chunk);
      return true;
    }, false);
  }
  const sha256 = hash.digest('hex');
  return { key: keyed ? attempt(() => hasher.digest(), sha256) : sha256, sha256 };
};

/** The beginning of a plain text mail; nothing of a mail with parts. */
const textOf = (mail: MailBytes, fields: readonly Field[], body: number): string | undefined => {
  const entity = readEntity(fields, -1, 'text/plain');
  if (!entity.type.startsWith('text/') || isHtml(entity)) return undefined;
  return (
    decodeText(decodeBody(mail.read(body, body + TEXT), entity.encoding), entity.charset)
      .replace(/\r\n?/g, '\n')
      .trimEnd() || undefined
  );
};

const NO_HEADER: HeaderBlock = { fields: [], end: 0, body: 0, cut: false };

const parseOpen = (mail: MailBytes, context: MailContext, reason: string): ParsedMail => {
  const head = mail.read(0, HEAD).toString('latin1');
  const block = attempt(() => readHeader(head, 0, { final: true, limit: HEAD }), null) ?? NO_HEADER;
  const nobody = {
    participants: [],
    occurredAt: context.internalDate ?? context.capturedAt,
    threadKeys: [],
    lastResortThreadKeys: [],
    isBareReply: false,
  };
  const facts = attempt(() => readHead(withShortLists(block.fields, LIST), undefined, context), nobody);
  const text = attempt(() => textOf(mail, block.fields, block.body), undefined);
  return {
    ...digests(mail),
    size: mail.size,
    headers: attempt(() => headerText(head.slice(0, block.end)), ''),
    ...facts,
    ...(text && { text }),
    parts: [],
    automated: null,
    notice: `It could not be read in full (${reason}): its header${text ? ' and the beginning of its text are' : ' is'} shown, the original is kept.`,
  };
};

/** Reads what can be read, in bounded time, of a mail on which the parser failed three times. Throws only when the source can't be read. */
export const parseFallback = (source: MailSource, context: MailContext, reason: string): ParsedMail => {
  const mail = openMail(source);
  try {
    return parseOpen(mail, context, reason);
  } finally {
    mail.close();
  }
};
