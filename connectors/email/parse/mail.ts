import { createHash } from 'node:crypto';
import { mailKeyOfText, makeMailKey } from '../key.ts';
import { namesMore, readParticipants } from './addresses.ts';
import { type Mail, readAutomated, readBounceOf } from './automated.ts';
import { type Body, readBody, TEXT_LIMIT } from './body.ts';
import { charsetName, decodeText } from './charset.ts';
import { readDate, receivedAt } from './dates.ts';
import type { Entity } from './entity.ts';
import { type Field, firstValue, unfold } from './fields.ts';
import { explainEmpty } from './notice.ts';
import { listParts, MAX_LISTED, type PartRef, partRefs } from './parts.ts';
import { chooseShown, type Shown } from './shown.ts';
import { type MailBytes, openMail } from './source.ts';
import { makeStructureScanner, readStructure, type Structure } from './structure.ts';
import { lastResortKeys, normaliseSubject, readReferences } from './threads.ts';
import type { MailAddress, MailContext, MailPart, MailSource, ParsedMail } from './types.ts';
import { decodeWords } from './words.ts';

const MAX_SUBJECT = 10_000;

interface Scanned {
  structure: Structure;
  key: string;
  sha256: string;
}

/** Structure, key and hash of a mail: of one in memory by hashing it whole, of a spooled one in a single pass. */
export const scanMail = (mail: MailBytes): Scanned => {
  if (mail.whole) {
    const text = mail.whole.toString('latin1');
    const sha256 = createHash('sha256').update(mail.whole).digest('hex');
    return { structure: readStructure(text), key: mailKeyOfText(text), sha256 };
  }
  const scanner = makeStructureScanner();
  const hash = createHash('sha256');
  const key = makeMailKey();
  for (const chunk of mail.chunks()) {
    scanner.write(chunk);
    hash.update(chunk);
    key.write(chunk);
  }
  return { structure: scanner.end(), key: key.digest(), sha256: hash.digest('hex') };
};

/** Charset for raw 8-bit headers that aren't UTF-8: that of the text. */
const headerHint = (entities: readonly Entity[], shown: Shown): string | undefined => {
  const leaf = [...shown.text, ...shown.html]
    .map(index => entities[index]?.charset)
    .find(charset => charset && charsetName(charset) !== 'utf-8');
  return leaf ?? entities.find(entity => entity.charset)?.charset;
};

/** DESIGN 6: the topmost Received field, else the source's time, else the Date field; never after the capture. */
export const occurredAt = (fields: readonly Field[], sentAt: Date | undefined, context: MailContext): Date => {
  const { capturedAt, internalDate, fromLineDate } = context;
  const time = receivedAt(fields) ?? internalDate ?? fromLineDate ?? sentAt ?? capturedAt;
  return time.getTime() > capturedAt.getTime() || Number.isNaN(time.getTime()) ? capturedAt : time;
};

const subjectOf = (fields: readonly Field[], hint: string | undefined): string => {
  const value = firstValue(fields, 'subject');
  if (value === undefined) return '';
  const text = decodeWords(unfold(value.slice(0, MAX_SUBJECT * 4)), hint);
  return text
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, MAX_SUBJECT);
};

/** What the header says: participants, times, subject, references. `hint`: charset of raw 8-bit fields. */
export const readHead = (fields: readonly Field[], hint: string | undefined, context: MailContext) => {
  const participants = readParticipants(fields, hint);
  const subject = subjectOf(fields, hint);
  const sentAt = readDate(firstValue(fields, 'date'));
  const { messageId, answers } = readReferences(fields, participants);
  const { subject: topic, isReply } = normaliseSubject(subject);
  return {
    participants,
    ...(subject && { subject }),
    ...(sentAt && { sentAt }),
    occurredAt: occurredAt(fields, sentAt, context),
    ...(messageId && { messageId }),
    threadKeys: messageId ? [messageId, ...answers] : answers,
    lastResortThreadKeys: lastResortKeys(topic, participants),
    isBareReply: isReply && answers.length === 0,
  };
};

interface Read {
  structure: Structure;
  participants: readonly MailAddress[];
  refs: readonly PartRef[];
  body: Body;
}

const notices = ({ structure, participants, refs, body }: Read): string[] => [
  ...structure.notices,
  ...(namesMore(structure.fields, participants)
    ? [`It names very many people: the first ${participants.length} are listed.`]
    : []),
  ...(body.cut ? [`Its text is longer than ${TEXT_LIMIT} bytes: only the beginning is shown.`] : []),
  ...(refs.length > MAX_LISTED ? [`It has ${refs.length} parts: the first ${MAX_LISTED} are listed.`] : []),
];

/** The header block (bytes as Latin-1 characters) as text: UTF-8 when it is valid, else windows-1252. */
export const headerText = (header: string): string => decodeText(Buffer.from(header, 'latin1'));

const readContent = (
  mail: MailBytes,
  { structure, participants }: Pick<Read, 'structure' | 'participants'>,
  shown: Shown,
  charset: string | undefined,
) => {
  const { entities } = structure;
  const body = readBody(mail, entities, shown);
  const refs = partRefs(mail, entities, shown);
  const parts: MailPart[] = listParts(mail, refs, { html: body.html, charset });
  const said = notices({ structure, participants, refs, body });
  const leaves = shown.parts.map(index => entities[index] as Entity);
  const empty = body.text ? null : explainEmpty(mail, entities, leaves, body.html !== undefined);
  if (empty) said.push(empty.notice);
  const text = body.text ?? empty?.text;
  const notice = said.join(' ');
  return { ...(text && { text }), ...(body.html && { html: body.html }), parts, ...(notice && { notice }) };
};

const parseOpen = (mail: MailBytes, context: MailContext): ParsedMail => {
  const { structure, key, sha256 } = scanMail(mail);
  const { entities, fields, header } = structure;
  const shown = chooseShown(entities);
  const hint = headerHint(entities, shown);
  const head = readHead(fields, hint, context);
  const content = readContent(mail, { structure, participants: head.participants }, shown, hint);
  const facts: Mail = { fields, entities, participants: head.participants, subject: head.subject ?? '' };
  const automated = readAutomated(facts);
  const bounceOf = automated === 'bounce' ? readBounceOf(mail, facts, content.text) : undefined;
  return {
    key,
    sha256,
    size: mail.size,
    headers: headerText(header),
    ...head,
    ...content,
    automated,
    ...(bounceOf && { bounceOf }),
  };
};

/** Parses one mail. Attachments aren't decoded, only measured. Accepts any bytes; throws only when the source can't be read. */
export const parseMail = (source: MailSource, context: MailContext): ParsedMail => {
  const mail = openMail(source);
  try {
    return parseOpen(mail, context);
  } finally {
    mail.close();
  }
};
