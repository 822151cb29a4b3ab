import type { Captured, Sighting } from '../../connectors/contract.ts';
import type { InteractionDoc, StoredParticipant } from '../../models/interactions.ts';
import type { SightingDoc } from '../../models/sightings.ts';
import type { TimelineDoc } from '../../models/timeline.ts';
import { entryId, sightingId } from '../rules/keys.ts';
import type { RetentionTag } from '../rules/retention.ts';
import type { Origin, Prepared } from './types.ts';

const PREVIEW = 200;

/** The beginning of what was said, on one line. */
export const previewOf = ({ text, notice }: Captured): string => {
  const flat = (text ?? notice ?? '')
    .slice(0, PREVIEW * 8)
    .replace(/\s+/g, ' ')
    .trim();
  return flat.length > PREVIEW ? `${flat.slice(0, PREVIEW - 1).trimEnd()}…` : flat;
};

const storedParticipants = ({ participants }: Captured): StoredParticipant[] =>
  participants.map(({ role, identifier, also, name }) => ({
    role,
    identifier,
    ...(name ? { name } : {}),
    ...(also?.length ? { also } : {}),
  }));

/** What a connector says happened may not lie after the moment we took it in. */
const notAfter = (date: Date, limit: Date): Date => (date > limit ? limit : date);

export const interactionOf = (
  { account, connector }: Origin,
  { id, item, threadKeys: { strong, lastResort }, original, parts }: Prepared,
  conversation: string,
  now: Date,
): InteractionDoc => ({
  _id: id,
  sourceKey: item.sourceKey,
  ...(item.externalId ? { externalId: item.externalId } : {}),
  account: account.id,
  accounts: [account.id],
  connector: connector.id,
  channel: item.channel,
  direction: item.direction,
  occurredAt: notAfter(item.occurredAt, now),
  ...(item.sentAt ? { sentAt: item.sentAt } : {}),
  capturedAt: now,
  ...(item.subject ? { subject: item.subject } : {}),
  participants: storedParticipants(item),
  conversation,
  threadKeys: [...new Set([...strong, ...lastResort])],
  parts,
  ...(original ? { original } : {}),
  ...(item.notice ? { notice: item.notice } : {}),
  ...(item.details === undefined ? {} : { details: item.details }),
  status: null,
  revisions: [],
});

const authorOf = ({ participants }: InteractionDoc): string | undefined => {
  const author = participants.find(({ role }) => role === 'from');
  return author && (author.name ?? author.identifier.value);
};

export const entryOf = (
  interaction: InteractionDoc,
  preview: string,
  belongs: { contact: string; retention: RetentionTag } | { contact: null; reason: string; retention: RetentionTag },
): TimelineDoc => ({
  _id: entryId(interaction._id, belongs.contact),
  contact: belongs.contact,
  ...(belongs.contact === null ? { reason: belongs.reason } : {}),
  interaction: interaction._id,
  event: null,
  accounts: interaction.accounts,
  channel: interaction.channel,
  direction: interaction.direction,
  occurredAt: interaction.occurredAt,
  capturedAt: interaction.capturedAt,
  // an inline PDF without a Content-ID is a file all the same
  files: interaction.parts.some(({ inline, cid }) => !(inline && cid)),
  ...(authorOf(interaction) ? { from: authorOf(interaction) } : {}),
  ...(interaction.subject ? { subject: interaction.subject } : {}),
  preview,
  retention: belongs.retention,
});

export const sightingOf = (account: string, interaction: string, at: Sighting, sha256: string): SightingDoc => ({
  _id: sightingId(account, at, sha256),
  interaction,
  account,
  folder: at.folder,
  uidValidity: at.uidValidity,
  uid: at.uid,
  sha256,
  stale: false,
});
