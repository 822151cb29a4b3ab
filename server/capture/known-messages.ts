import type { StoredPart } from '../../models/interactions.ts';
import type { MessageDoc } from '../../models/messages.ts';
import type { Growth } from './growth.ts';
import { previewedBy, saidBefore } from './said.ts';
import type { Prepared } from './types.ts';

/** What is known of a message that is there. */
export type KnownMessage = Pick<MessageDoc, 'seq' | 'parts' | 'words'>;

/** What a message that comes again with more becomes, its earlier words being kept in its original. */
export type CompletedMessage = Pick<MessageDoc, '_id' | 'text' | 'parts' | 'words'> & {
  revisions: NonNullable<MessageDoc['revisions']>;
};

/** The same file: it is called alike, or has the same bytes. */
const isFile = (one: StoredPart, other: StoredPart): boolean =>
  one.blob === other.blob || (one.name !== undefined && one.name === other.name);

const without = (parts: readonly StoredPart[], others: readonly StoredPart[]): StoredPart[] =>
  parts.filter(one => !others.some(other => isFile(one, other)));

type Told = Pick<KnownMessage, 'parts' | 'words'>;

/** Whether a message says nothing that another one doesn't. */
const isIn = (one: Told, other: Told): boolean =>
  without(one.parts, other.parts).length === 0 && (!one.words || one.words === other.words);

const toldBy = ({ item, parts }: Prepared): Told => ({ parts, words: item.media?.words ?? '' });

/** Which message it is: one that is there, one that is there with less, or a new one under this id. */
export const recognise = (
  prepared: Prepared,
  known: ReadonlyMap<string, KnownMessage>,
): { id: string; was: 'all' | 'less' | 'none' } => {
  const { id, mediaId } = prepared;
  if (known.has(id)) return { id, was: 'all' };
  const there = mediaId === undefined ? undefined : known.get(mediaId);
  if (mediaId === undefined || !there) return { id: mediaId ?? id, was: 'none' };
  const told = toldBy(prepared);
  if (isIn(told, there)) return { id: mediaId, was: 'all' };
  return isIn(there, told) ? { id: mediaId, was: 'less' } : { id, was: 'none' };
};

/** Adds to a message that is there what it comes with now, files and words; it keeps its place. */
export const completeMessage = (
  growth: Growth,
  prepared: Prepared,
  { id, known, now }: { id: string; known: Map<string, KnownMessage>; now: Date },
): void => {
  const { interaction, messages } = growth;
  const { item, original } = prepared;
  const { seq = 0, parts: before = [] } = known.get(id) ?? {};
  const last = interaction.parts.length;
  const added = without(prepared.parts, before).map((part, index) => ({ ...part, n: last + 1 + index }));
  const said = { text: item.text ?? '', parts: [...before, ...added], words: item.media?.words ?? '' };
  const revision = original ? [{ at: now, sha256: original.sha256, blob: original.blob }] : [];
  known.set(id, { seq, ...said });
  const fresh = messages.find(({ _id }) => _id === id);
  if (fresh) Object.assign(fresh, said, { revisions: [...(fresh.revisions ?? []), ...revision] });
  else growth.completed.push({ _id: id, ...said, revisions: revision });
  growth.interaction = { ...interaction, parts: [...interaction.parts, ...added] };
  const isLast = seq === interaction.lastSeq;
  const previewed = isLast ? previewedBy(saidBefore(interaction), prepared, item.occurredAt, now) : undefined;
  if (previewed) growth.preview = previewed.preview;
};
