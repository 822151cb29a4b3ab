import type { Connector, Folded } from '../../connectors/contract.ts';
import type { AppliedItem, InteractionDoc, StoredPart, StoredParticipant } from '../../models/interactions.ts';
import type { MessageDoc } from '../../models/messages.ts';
import { authorOf, notAfter } from './documents.ts';
import { type CompletedMessage, completeMessage, type KnownMessages, note, type Recognised } from './known-messages.ts';
import { withLeg } from './legs.ts';
import { renamed, without } from './participants.ts';
import { openedBy, previewedBy, saidBefore } from './said.ts';
import { withStatus } from './status.ts';
import type { Outcome, Prepared } from './types.ts';

/** What a commit makes of an interaction that something is added to. */
export interface Growth {
  interaction: InteractionDoc;
  /** as it was before this batch added to it, and as its entries show it */
  was: InteractionDoc;
  /** nothing was there before the first item that was added to it */
  made: boolean;
  messages: MessageDoc[];
  /** messages that were there and came with more */
  completed: CompletedMessage[];
  /** participants named by an earlier version of an item and not by its newest */
  left: StoredParticipant[];
  /** in words: why it is nobody's, when all are gone */
  reason?: string;
  /** what its timeline entries say from now on; unset: as before */
  preview?: string;
}

const appliedOf = ({ id, item, original }: Prepared, now: Date): AppliedItem => ({
  id,
  kind: item.kind,
  at: now,
  sha256: original?.sha256 ?? null,
  ...(original ? { original } : {}),
  ...(item.revises === false ? { form: true } : {}),
});

/** What was added under the item's id before, or 'same' when the item itself was: the same bytes, or another form of it where it comes in several. */
const seenBefore = ({ applied = [] }: InteractionDoc, { id, item, original }: Prepared): AppliedItem[] | 'same' => {
  const under = applied.filter(one => one.id === id);
  if (item.revises === false && under.length > 0) return 'same';
  return under.some(({ sha256 }) => sha256 === (original?.sha256 ?? null)) ? 'same' : under;
};

/** The numbers of its files go on where the interaction's end: each is asked for by its number there. */
const numbered = (parts: readonly StoredPart[], { parts: before }: InteractionDoc): StoredPart[] =>
  parts.map((part, index) => ({ ...part, n: before.length + 1 + index }));

/** This item comes in several forms (a webhook's, an API's): a second form is a duplicate, not a revision. */
const isForm = ({ form, sha256 }: AppliedItem): boolean => form === true || sha256 === null;

/** The items that were added, with this one; it takes the place of a form of it of which nothing is kept. */
const applying = ({ applied = [] }: InteractionDoc, prepared: Prepared, again: boolean, now: Date): AppliedItem[] => [
  ...applied.filter(one => !(again && one.id === prepared.id && !one.original)),
  appliedOf(prepared, now),
];

const withFolded = (interaction: InteractionDoc, folded: Folded | undefined, now: Date): InteractionDoc => {
  if (!folded) return interaction;
  const { details, occurredAt, direction, participants } = folded;
  return {
    ...interaction,
    ...(details !== undefined ? { details } : {}),
    ...(occurredAt ? { occurredAt: notAfter(occurredAt, now) } : {}),
    ...(direction ? { direction } : {}),
    ...(participants ? { participants: renamed(interaction.participants, participants) } : {}),
  };
};

const addItem = (growth: Growth, prepared: Prepared, { fold, now }: Pick<Growing, 'fold' | 'now'>): Outcome => {
  const { interaction, made } = growth;
  const before = seenBefore(interaction, prepared);
  if (before === 'same') return 'duplicate';
  const { item, parts } = prepared;
  const again = before.length > 0 && before.every(isForm);
  const folded = fold?.(interaction.details, item, interaction.parts.length + 1);
  const summary = folded?.summary ?? item.summary;
  const grown: InteractionDoc = {
    ...interaction,
    ...(item.kind === 'interaction' ? withLeg(interaction, prepared, { made, now }) : {}),
    // what a status or a recording made has nothing of its own, and is what its legs say once they come
    ...(item.kind !== 'interaction' && made ? { legs: interaction.legs ?? [] } : {}),
    status: withStatus(interaction.status, prepared, { again }),
    applied: applying(interaction, prepared, again, now),
    parts: [...interaction.parts, ...numbered(parts, interaction)],
  };
  growth.interaction = withFolded(grown, folded, now);
  if (before.length > 0) growth.left.push(...without(interaction.participants, growth.interaction.participants));
  if (item.unlinkedReason) growth.reason = item.unlinkedReason;
  if (summary) growth.preview = summary;
  if (again) return 'duplicate';
  return before.length > 0 ? 'revised' : 'stored';
};

const messageOf = (
  { id, target, item, parts, original }: Prepared,
  { seq, visitorSeq, at }: Pick<MessageDoc, 'seq' | 'visitorSeq' | 'at'>,
): MessageDoc => {
  const author = item.participants.find(({ role }) => role === 'from' || role === 'agent');
  return {
    _id: id,
    interaction: target,
    seq,
    visitorSeq,
    externalId: item.externalId ?? null,
    at,
    direction: item.direction,
    kind: item.message?.kind ?? 'message',
    sender: { name: author?.name ?? null, identifier: author?.identifier ?? null },
    text: item.text ?? '',
    parts,
    ...(item.media ? { words: item.media.words } : {}),
    ...(original ? { original } : {}),
  };
};

const addMessage = (
  growth: Growth,
  prepared: Prepared,
  as: AddedMessage,
  { fold, known, live, now }: Growing,
): Outcome => {
  if (as.was === 'less') {
    completeMessage(growth, prepared, { message: as.message, known, now });
    return 'revised';
  }
  const { interaction } = growth;
  const { item } = prepared;
  const before = saidBefore(interaction);
  // what is said live is in the order it is committed in: whichever hub's clock told it is never earlier than what it follows
  const at = live && before.last && item.occurredAt < before.last ? before.last : item.occurredAt;
  const seq = (interaction.lastSeq ?? 0) + 1;
  const last = interaction.lastVisitorSeq ?? 0;
  const isNote = item.message?.kind === 'note';
  const parts = numbered(prepared.parts, interaction);
  const said = messageOf({ ...prepared, parts }, { seq, visitorSeq: isNote ? null : last + 1, at });
  const message = { ...said, ...(as.also.length > 0 ? { also: as.also } : {}) };
  growth.messages.push(message);
  note(known, message);
  const opened = openedBy(interaction, item, at);
  const previewed = previewedBy(before, prepared, at, now);
  const grown: InteractionDoc = {
    ...interaction,
    ...opened,
    ...(at < interaction.occurredAt ? { occurredAt: notAfter(at, now) } : {}),
    parts: [...interaction.parts, ...parts],
    lastSeq: seq,
    lastVisitorSeq: isNote ? last : last + 1,
    saidAt: {
      ...before,
      ...(opened ? { direction: at } : {}),
      ...previewed?.at,
      last: before.last && before.last > at ? before.last : at,
    },
  };
  growth.interaction = withFolded(grown, fold?.(interaction.details, item, interaction.parts.length + 1), now);
  if (previewed) growth.preview = previewed.preview;
  return 'stored';
};

/** A message that is new, or comes with more than is there of it. */
type AddedMessage = Exclude<Recognised, { was: 'all' }>;

interface Growing {
  /** which message it is; null: it is none */
  as: AddedMessage | null;
  fold: Connector['fold'];
  /** messages that are there, those of this batch among them */
  known: KnownMessages;
  /** it is said over the hub's own sockets */
  live: boolean;
  now: Date;
}

/** Adds an item to the interaction it belongs to: what that is then doesn't depend on which item came first. */
export const grow = (growth: Growth, prepared: Prepared, growing: Growing): Outcome =>
  growing.as ? addMessage(growth, prepared, growing.as, growing) : addItem(growth, prepared, growing);

/** Whether its entries must be rewritten: its time, direction or author has changed, or somebody no longer takes part. */
export const isMoved = ({ was, interaction, left }: Growth): boolean =>
  left.length > 0 ||
  was.occurredAt.getTime() !== interaction.occurredAt.getTime() ||
  was.direction !== interaction.direction ||
  authorOf(was) !== authorOf(interaction);
