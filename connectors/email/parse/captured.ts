import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { z } from 'zod';
import type { Account, Captured, Part, Participant, ParticipantRole, Raw, Sighting } from '../../contract.ts';
import { openPart } from './part.ts';
import { readParties } from './parties.ts';
import type { MailAddress, MailRole, MailSource, ParsedMail } from './types.ts';

export const MAIL_TYPE = 'message/rfc822';

/** What an e-mail has besides the neutral fields (DESIGN 10). */
export const detailsSchema = z.object({
  automated: z.enum(['auto-reply', 'bounce', 'list']).nullable(),
  /** Message-ID of the mail that bounced */
  bounceOf: z.string().optional(),
});

export interface Seen {
  ours: Account['ours'];
  folderIsSent: boolean;
  sighting?: Sighting;
}

/** The Sender field says who handed a mail in for its author: of interest only when no author is named. */
const ROLES: Record<MailRole, ParticipantRole> = {
  from: 'from',
  sender: 'from',
  'reply-to': 'reply-to',
  to: 'to',
  cc: 'cc',
  bcc: 'bcc',
};

const toParticipant = ({ role, type, value, name }: MailAddress): Participant => ({
  role: ROLES[role],
  identifier: { type, value },
  ...(name ? { name } : {}),
});

const rawOf = (source: MailSource, { size, sha256 }: ParsedMail): Raw => ({
  type: MAIL_TYPE,
  size,
  sha256,
  ...('bytes' in source ? { bytes: source.bytes } : {}),
  open: () => ('bytes' in source ? Readable.from([source.bytes]) : createReadStream(source.path)),
});

const partsOf = (raw: Raw, { parts }: ParsedMail): Part[] =>
  parts.map(({ n, ...part }) => ({
    ...part,
    open: () =>
      Readable.from(
        (async function* () {
          yield* await openPart(raw, n);
        })(),
        { objectMode: false },
      ),
  }));

/** A parsed mail as the core takes it. `dispose` is called when its source is no longer needed. */
export const toCaptured = (
  mail: ParsedMail,
  source: MailSource,
  { ours, folderIsSent, sighting }: Seen,
  dispose?: () => Promise<void>,
): Captured => {
  const hasAuthor = mail.participants.some(({ role }) => role === 'from');
  const participants = mail.participants.filter(({ role }) => role !== 'sender' || !hasAuthor);
  const raw = rawOf(source, mail);
  const { automated, bounceOf } = mail;
  return {
    sourceKey: mail.key,
    keyScope: 'author',
    kind: 'interaction',
    channel: 'email',
    ...readParties({ participants, ours, folderIsSent, automated }),
    occurredAt: mail.occurredAt,
    ...(mail.sentAt ? { sentAt: mail.sentAt } : {}),
    ...(mail.messageId ? { externalId: mail.messageId } : {}),
    participants: participants.map(toParticipant),
    threadKeys: [...mail.threadKeys, ...(bounceOf ? [bounceOf] : [])],
    lastResortThreadKeys: mail.lastResortThreadKeys,
    lastResortLookup: mail.isBareReply,
    ...(mail.subject ? { subject: mail.subject } : {}),
    ...(mail.text ? { text: mail.text } : {}),
    ...(mail.html ? { html: mail.html } : {}),
    headers: mail.headers,
    ...(mail.notice ? { notice: mail.notice } : {}),
    details: { automated, ...(bounceOf ? { bounceOf } : {}) },
    parts: partsOf(raw, mail),
    raw,
    ...(sighting ? { sighting } : {}),
    ...(dispose ? { dispose } : {}),
  };
};
