import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { PassThrough, pipeline, Readable } from 'node:stream';
import { z } from 'zod';
import type { Account, Captured, Part, Participant, Raw, Sighting } from '../../contract.ts';
import { belonging } from './direction.ts';
import { openPart } from './part.ts';
import type { MailAddress, MailSource, ParsedMail } from './types.ts';

/** Details of a mail's interaction (DESIGN 10). */
export const detailsSchema = z.object({
  automated: z.enum(['auto-reply', 'bounce', 'list']).nullable(),
  /** Message-ID of the mail that bounced; null when this is no bounce, or it isn't known */
  bounceOf: z.string().nullable(),
  /** the Sender field, where it differs from From */
  sender: z.object({ address: z.string(), name: z.string().optional() }).optional(),
});

export type MailDetails = z.infer<typeof detailsSchema>;

/** Where a mail came from, and what is ours. */
export interface Origin {
  source: MailSource;
  ours: Account['ours'];
  folderIsSent: boolean;
  sighting?: Sighting;
  /** when it arrived, by its folder or mbox */
  receivedAt?: Date;
}

/** What is kept with a mail in quarantine, since it isn't in its bytes. */
const besideOf = ({ folderIsSent, receivedAt }: Pick<Origin, 'folderIsSent' | 'receivedAt'>) => ({
  folderIsSent,
  ...(receivedAt && { receivedAt: receivedAt.toISOString() }),
});

/** Reads what `besideOf` made; defaults for another shape. */
export const readBeside = (beside: Record<string, unknown> = {}): Pick<Origin, 'folderIsSent' | 'receivedAt'> => {
  const receivedAt = new Date(typeof beside.receivedAt === 'string' ? beside.receivedAt : Number.NaN);
  return { folderIsSent: beside.folderIsSent === true, ...(!Number.isNaN(receivedAt.getTime()) && { receivedAt }) };
};

const opener = (source: MailSource) => (): Readable =>
  'path' in source
    ? createReadStream(source.path)
    : Readable.from([Buffer.from(source.bytes.buffer, source.bytes.byteOffset, source.bytes.byteLength)]);

const rawOf = (mail: ParsedMail, source: MailSource): Raw => ({
  type: 'message/rfc822',
  size: mail.size,
  sha256: mail.sha256,
  ...('bytes' in source && { bytes: source.bytes }),
  open: opener(source),
});

/** The stream that a promise resolves to. */
const later = (promise: Promise<Readable>): Readable => {
  const out = new PassThrough();
  promise.then(
    stream => pipeline(stream, out, () => {}),
    error => out.destroy(error),
  );
  return out;
};

const partsOf = (mail: ParsedMail, raw: Raw): Part[] =>
  mail.parts.map(({ n, ...part }) => ({ ...part, open: () => later(openPart(raw, n)) }));

const asParticipant = ({ role, type, value, name }: MailAddress): Participant => ({
  role: role === 'sender' ? 'from' : role,
  identifier: { type, value },
  ...(name && { name }),
});

/** Sender counts as From only where there is no From. */
const participantsOf = ({ participants }: ParsedMail): Participant[] => {
  const hasFrom = participants.some(({ role }) => role === 'from');
  return participants.filter(({ role }) => role !== 'sender' || !hasFrom).map(asParticipant);
};

const detailsOf = ({ participants, automated, bounceOf }: ParsedMail): MailDetails => {
  const from = participants.find(({ role }) => role === 'from');
  const sender = participants.find(({ role }) => role === 'sender');
  const differs = from && sender && sender.value.toLowerCase() !== from.value.toLowerCase();
  return {
    automated,
    bounceOf: bounceOf ?? null,
    ...(differs && { sender: { address: sender.value, ...(sender.name && { name: sender.name }) } }),
  };
};

/** Message-IDs that link conversations, without our own addresses, which old mailers put into In-Reply-To (RFC 822). */
const threadKeysOf = ({ threadKeys, bounceOf }: ParsedMail, { addresses }: Account['ours']): string[] =>
  [...new Set([...threadKeys, ...(bounceOf ? [bounceOf] : [])])].filter(key => !addresses.has(key.toLowerCase()));

/** A parsed mail as an item. Its spool file is removed when the item is disposed of. A bounce joins the conversation of the mail that bounced. */
export const toCaptured = (mail: ParsedMail, origin: Origin): Captured => {
  const { source, ours, folderIsSent, sighting } = origin;
  const raw = rawOf(mail, source);
  const participants = participantsOf(mail);
  const { text, html, subject, notice, sentAt, messageId } = mail;
  return {
    sourceKey: mail.key,
    keyScope: 'author',
    kind: 'interaction',
    ...(messageId && { externalId: messageId }),
    channel: 'email',
    occurredAt: mail.occurredAt,
    ...(sentAt && { sentAt }),
    participants,
    ...belonging(participants, { ours, folderIsSent, automated: mail.automated }),
    threadKeys: threadKeysOf(mail, ours),
    lastResortThreadKeys: mail.lastResortThreadKeys,
    lastResortLookup: mail.isBareReply,
    ...(subject && { subject }),
    ...(text && { text }),
    ...(html && { html }),
    headers: mail.headers,
    ...(notice && { notice }),
    details: detailsOf(mail),
    parts: partsOf(mail, raw),
    raw,
    ...(sighting && { sighting }),
    beside: besideOf(origin),
    ...('path' in source && { dispose: () => rm(source.path, { force: true }) }),
  };
};
