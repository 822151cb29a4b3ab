import type { Captured, Sighting } from '../../connectors/contract.ts';
import type { RegisterEventDoc } from '../../models/events.ts';
import type { InteractionDoc, StoredParticipant } from '../../models/interactions.ts';
import type { SightingDoc } from '../../models/sightings.ts';
import type { TimelineDoc } from '../../models/timeline.ts';
import { cut } from '../rules/cut.ts';
import { entryId, sightingId } from '../rules/keys.ts';
import type { RetentionTag } from '../rules/retention.ts';
import { ownCountryOf } from './country.ts';
import type { Origin, Prepared } from './types.ts';

const PREVIEW = 200;
/** Why an item belongs to nobody, in words, where its connector gives no reason of its own. */
export const NOBODY_OUTSIDE = 'Nobody outside the organisation takes part in it.';
// Blanks, and what has no width among them: newsletters fill their first line with it, so that a list shows no more of them.
const BLANK = /\s(?:[\s\u00ad\u200b-\u200d\u2060]|\u034f)*/g;

/** The beginning of what was said, on one line. */
export const previewOf = ({ summary, text, notice }: Pick<Captured, 'summary' | 'text' | 'notice'>): string => {
  const flat = cut(summary ?? text ?? notice ?? '', PREVIEW * 8)
    .replace(BLANK, ' ')
    .trim();
  return flat.length > PREVIEW ? `${cut(flat, PREVIEW - 1).trimEnd()}…` : flat;
};

/** The participants as they are stored: as they came, without what is empty. */
export const storedParticipants = ({ participants }: Captured): StoredParticipant[] =>
  participants.map(({ role, identifier, also, name }) => ({
    role,
    identifier,
    ...(name ? { name } : {}),
    ...(also?.length ? { also } : {}),
  }));

/** Which account's copy says so is kept of a Bcc: other copies don't name it. */
export const namedBy = (account: string, participants: StoredParticipant[]): StoredParticipant[] =>
  participants.map(one => (one.role === 'bcc' ? { ...one, accounts: [account] } : one));

/** What a connector says happened may not lie after the moment we took it in. */
export const notAfter = (date: Date, limit: Date): Date => (date > limit ? limit : date);

/** So that who has a number is found again as at capture, whatever the account's country is by then. */
const countryIn = (account: Origin['account']): Pick<InteractionDoc, 'country'> => {
  const country = ownCountryOf(account);
  return country === undefined ? {} : { country };
};

/** A new interaction. What is added to it later (a status, messages) isn't in it yet. */
export const interactionOf = (
  { account, connector }: Origin,
  { id, item, threadKeys: { strong, lastResort }, original, parts }: Prepared,
  conversation: string,
  now: Date,
): InteractionDoc => ({
  _id: id,
  ...countryIn(account),
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
  participants: namedBy(account.id, storedParticipants(item)),
  conversation,
  threadKeys: [...new Set([...strong, ...lastResort])],
  parts,
  ...(original ? { original } : {}),
  ...(item.notice ? { notice: item.notice } : {}),
  ...(item.details === undefined ? {} : { details: item.details }),
  status: null,
  revisions: [],
});

/** What another content of an item says of it: who, which way, when. */
export const revisedFields = (
  { item }: Prepared,
  now: Date,
): Pick<InteractionDoc, 'channel' | 'direction' | 'occurredAt' | 'participants'> => ({
  channel: item.channel,
  direction: item.direction,
  occurredAt: notAfter(item.occurredAt, now),
  participants: storedParticipants(item),
});

/** What is kept of a further content of an item: when it came, and where its bytes are. */
export const revisionOf = (
  { original }: Pick<Prepared, 'original'>,
  now: Date,
): InteractionDoc['revisions'][number] => ({
  at: now,
  sha256: original?.sha256 ?? '',
  blob: original?.blob ?? '',
});

/** A new register event. Its time is as it was said: what is booked may lie ahead. */
export const eventOf = (
  { account, connector }: Origin,
  { id, item, original }: Prepared,
  now: Date,
): RegisterEventDoc => ({
  _id: id,
  sourceKey: item.sourceKey,
  ...(item.externalId ? { externalId: item.externalId } : {}),
  account: account.id,
  connector: connector.id,
  event: item.event?.name ?? 'event',
  occurredAt: item.occurredAt,
  capturedAt: now,
  ...(item.subject ? { subject: item.subject } : {}),
  participants: storedParticipants(item),
  ...(item.event?.data === undefined ? {} : { data: item.event.data }),
  ...(original ? { original } : {}),
  revisions: [],
});

/** What a timeline entry is made of: an interaction, or a register event. */
export type EntryOf = Pick<
  TimelineDoc,
  'interaction' | 'event' | 'accounts' | 'channel' | 'direction' | 'occurredAt' | 'capturedAt' | 'files'
> & { participants: StoredParticipant[]; subject?: string | undefined };

/** An inline PDF without a Content-ID is a file all the same. */
export const hasFiles = ({ parts }: Pick<InteractionDoc, 'parts'>): boolean =>
  parts.some(({ inline, cid }) => !(inline && cid));

/** What an entry shows of an interaction that something may be added to. */
export const grownEntry = (
  interaction: InteractionDoc,
): Pick<TimelineDoc, 'files' | 'status' | 'messages' | 'said'> => {
  const { status, lastSeq, saidAt } = interaction;
  const reached = status?.history.findLast(({ state }) => state === status.state);
  return {
    files: hasFiles(interaction),
    ...(reached ? { status: { state: reached.state, at: reached.at, error: reached.error } } : {}),
    ...(lastSeq === undefined ? {} : { messages: lastSeq }),
    ...(saidAt?.said ? { said: saidAt.said } : {}),
  };
};

/** What an interaction's entries show of it. */
export const entryOfInteraction = (interaction: InteractionDoc): EntryOf => ({
  interaction: interaction._id,
  event: null,
  accounts: interaction.accounts,
  channel: interaction.channel,
  direction: interaction.direction,
  occurredAt: interaction.occurredAt,
  capturedAt: interaction.capturedAt,
  files: hasFiles(interaction),
  participants: interaction.participants,
  subject: interaction.subject,
});

/** What a register event's entries show of it, no later than it came in; the event itself keeps neither channel nor direction. */
export const entryOfEvent = (
  event: RegisterEventDoc,
  { channel, direction }: Pick<Captured, 'channel' | 'direction'>,
): EntryOf => ({
  ...event,
  occurredAt: notAfter(event.occurredAt, event.capturedAt),
  interaction: null,
  event: event._id,
  accounts: [event.account],
  channel,
  direction,
  files: false,
});

/** Name, else address, of who wrote it; undefined where nobody is named. */
export const authorOf = ({ participants }: Pick<EntryOf, 'participants'>): string | undefined => {
  const author = participants.find(({ role }) => role === 'from');
  return author && (author.name ?? author.identifier.value);
};

/** One timeline entry, with its tag: a contact's, or the one that says why it belongs to nobody. */
export const entryOf = (
  of: EntryOf,
  preview: string,
  belongs: { contact: string; retention: RetentionTag } | { contact: null; reason: string; retention: RetentionTag },
): TimelineDoc => ({
  _id: entryId(of.interaction ?? of.event ?? '', belongs.contact),
  contact: belongs.contact,
  ...(belongs.contact === null ? { reason: belongs.reason } : {}),
  interaction: of.interaction,
  event: of.event,
  accounts: of.accounts,
  channel: of.channel,
  direction: of.direction,
  occurredAt: of.occurredAt,
  capturedAt: of.capturedAt,
  files: of.files,
  ...(authorOf(of) ? { from: authorOf(of) } : {}),
  ...(of.subject ? { subject: of.subject } : {}),
  preview,
  retention: belongs.retention,
});

/** One copy of an interaction at its source. */
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
