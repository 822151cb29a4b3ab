import type { Connector } from '../../connectors/contract.ts';
import type { AppliedItem, InteractionDoc, StoredPart } from '../../models/interactions.ts';
import type { MessageDoc } from '../../models/messages.ts';
import { previewOf } from './documents.ts';
import type { Outcome, Prepared } from './types.ts';

/** What a commit makes of an interaction that something is added to. */
export interface Growth {
  interaction: InteractionDoc;
  messages: MessageDoc[];
  /** what its timeline entries say from now on; unset: as before */
  preview?: string;
}

const appliedOf = ({ id, item, original }: Prepared, now: Date): AppliedItem => ({
  id,
  kind: item.kind,
  at: now,
  sha256: original?.sha256 ?? null,
  ...(original ? { original } : {}),
});

const withStatus = (status: InteractionDoc['status'], { item }: Prepared): InteractionDoc['status'] => {
  if (!item.status) return status;
  const { state, rank, error = null } = item.status;
  const history = [...(status?.history ?? []), { state, at: item.occurredAt, error }];
  const further = !status || rank > status.rank;
  return { state: further ? state : status.state, rank: further ? rank : status.rank, history };
};

/** A distinct callback is a row of its own; an identical one, or one under the same key with the same bytes, is a duplicate. */
const seenBefore = ({ applied = [] }: InteractionDoc, { id, item, original }: Prepared): AppliedItem[] | 'same' => {
  const under = applied.filter(one => one.id === id);
  if (item.revises === false && under.length > 0) return 'same';
  return under.some(({ sha256 }) => sha256 === (original?.sha256 ?? null)) ? 'same' : under;
};

/** The numbers of its files go on where the interaction's end: each is asked for by its number there. */
const numbered = (parts: readonly StoredPart[], { parts: before }: InteractionDoc): StoredPart[] =>
  parts.map((part, index) => ({ ...part, n: before.length + 1 + index }));

const addItem = (growth: Growth, prepared: Prepared, fold: Connector['fold'], now: Date): Outcome => {
  const { interaction } = growth;
  const before = seenBefore(interaction, prepared);
  if (before === 'same') return 'duplicate';
  const { item, parts } = prepared;
  const first = interaction.parts.length + 1;
  const folded = fold?.(interaction.details, item, first);
  const summary = folded?.summary ?? item.summary;
  growth.interaction = {
    ...interaction,
    status: withStatus(interaction.status, prepared),
    applied: [...(interaction.applied ?? []), appliedOf(prepared, now)],
    parts: [...interaction.parts, ...numbered(parts, interaction)],
    ...(folded && folded.details !== undefined ? { details: folded.details } : {}),
  };
  if (summary) growth.preview = summary;
  return before.length > 0 ? 'revised' : 'stored';
};

const messageOf = (
  { id, target, item, parts, original }: Prepared,
  seq: number,
  visitorSeq: number | null,
): MessageDoc => {
  const author = item.participants.find(({ role }) => role === 'from' || role === 'agent');
  return {
    _id: id,
    interaction: target,
    seq,
    visitorSeq,
    externalId: item.externalId ?? null,
    at: item.occurredAt,
    direction: item.direction,
    kind: item.message?.kind ?? 'message',
    sender: { name: author?.name ?? null, identifier: author?.identifier ?? null },
    text: item.text ?? '',
    parts,
    ...(original ? { original } : {}),
  };
};

const addMessage = (growth: Growth, prepared: Prepared, known: ReadonlySet<string>): Outcome => {
  if (known.has(prepared.id) || growth.messages.some(({ _id }) => _id === prepared.id)) return 'duplicate';
  const { interaction } = growth;
  const seq = (interaction.lastSeq ?? 0) + 1;
  const last = interaction.lastVisitorSeq ?? 0;
  const isNote = prepared.item.message?.kind === 'note';
  const parts = numbered(prepared.parts, interaction);
  growth.messages.push(messageOf({ ...prepared, parts }, seq, isNote ? null : last + 1));
  growth.interaction = {
    ...interaction,
    parts: [...interaction.parts, ...parts],
    lastSeq: seq,
    lastVisitorSeq: isNote ? last : last + 1,
  };
  if (!isNote) growth.preview = previewOf(prepared.item) || growth.preview || '';
  return 'stored';
};

/** Adds an item to the interaction it belongs to. `known`: ids of messages that are there. */
export const grow = (
  growth: Growth,
  prepared: Prepared,
  { fold, known, now }: { fold: Connector['fold']; known: ReadonlySet<string>; now: Date },
): Outcome =>
  prepared.item.kind === 'message' ? addMessage(growth, prepared, known) : addItem(growth, prepared, fold, now);
