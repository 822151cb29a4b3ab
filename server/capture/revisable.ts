import type { ClientSession } from 'mongoose';
import type { RegisterEventDoc } from '../../models/events.ts';
import type { Models } from '../../models/index.ts';
import type { InteractionDoc } from '../../models/interactions.ts';
import { itemOf, type TimelineDoc } from '../../models/timeline.ts';
import { entryIdsOf } from '../rules/keys.ts';
import { native } from '../store/native.ts';
import type { Prepared } from './types.ts';

/** An item that is there and comes with other content now, or in another copy: as it is, and the entries it has. */
export interface Revisable {
  item: Pick<InteractionDoc | RegisterEventDoc, 'account' | 'participants' | 'occurredAt' | 'capturedAt'> & {
    direction?: string;
    accounts?: string[];
  };
  entries: TimelineDoc[];
}

/** What is known of one under its key: the bytes it came with so far, and which way an interaction goes. */
interface KnownBytes {
  direction?: string;
  original?: { sha256: string };
  revisions: { sha256: string }[];
}

/** Whether the bytes are others than any that are known under this key. */
export const isOther = ({ item }: Pick<Prepared, 'item'>, { original, revisions }: KnownBytes): boolean =>
  item.raw !== undefined && ![original, ...revisions].some(one => one?.sha256 === item.raw?.sha256);

/** Mail has no revisions: another original under its key is another copy of what was written. */
export const mayRevise = ({ item: { keyScope, revises } }: Pick<Prepared, 'item'>): boolean =>
  keyScope !== 'author' && revises !== false;

/**
 * Whether a further copy of a mail may say more than is known: whom its author named as Bcc, or, in Sent or by an address that is ours by now, that we
 * sent it.
 */
export const maySayMore = ({ item }: Pick<Prepared, 'item'>, { direction }: { direction?: string }): boolean =>
  item.keyScope === 'author' &&
  ((direction === 'inbound' && item.direction !== 'inbound') || item.participants.some(({ role }) => role === 'bcc'));

const PROJECTION = { participants: 1, occurredAt: 1, capturedAt: 1, direction: 1, account: 1, accounts: 1 } as const;

/** Reads what the revisions and further copies among these items may change; without any it asks nothing. */
export const readRevisable = async (
  models: Models,
  items: readonly Prepared[],
  known: { interactions: ReadonlyMap<string, KnownBytes>; events: ReadonlyMap<string, KnownBytes> },
  session: ClientSession,
): Promise<Map<string, Revisable>> => {
  const idsIn = (those: ReadonlyMap<string, KnownBytes>): string[] => [
    ...new Set(
      items.flatMap(prepared => {
        const before = those.get(prepared.id);
        if (!before) return [];
        const isRevised = mayRevise(prepared) && isOther(prepared, before);
        return isRevised || maySayMore(prepared, before) ? [prepared.id] : [];
      }),
    ),
  ];
  const [interactions, events] = [idsIn(known.interactions), idsIn(known.events)];
  const ids = [...interactions, ...events];
  if (ids.length === 0) return new Map();
  const options = { session, projection: PROJECTION };
  const found = [
    ...(await native(models.interactions)
      .find({ _id: { $in: interactions } }, options)
      .toArray()),
    ...(await native(models.registerEvents)
      .find({ _id: { $in: events } }, options)
      .toArray()),
  ];
  const entries = await native(models.timeline)
    .find({ $or: ids.map(id => ({ _id: entryIdsOf(id) })) }, { session })
    .toArray();
  return new Map(found.map(item => [item._id, { item, entries: entries.filter(entry => itemOf(entry) === item._id) }]));
};

/** The contacts that these entries are with, or were taken off. */
export const contactsOf = (entries: readonly Pick<TimelineDoc, 'contact' | 'takenOff'>[]): string[] =>
  entries.flatMap(({ contact, takenOff = [] }) => [...(contact === null ? [] : [contact]), ...takenOff]);
