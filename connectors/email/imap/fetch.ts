import { setTimeout as delay } from 'node:timers/promises';
import type { FetchMessageObject, FetchQueryObject, ImapFlow } from 'imapflow';
import { LARGE } from '../spool.ts';
import { isRefusedCommand } from './errors.ts';
import { type Held, holdOf, partsBelow, type Row, setsAgain, take, wholeParts } from './held.ts';
import { stillThere, toSets } from './uids.ts';

const MAX_MAILS = 100;
/** Pauses (ms) before the second and third attempt for a mail that the server lists but left out. */
export const PAUSES = [300, 1500];

/** A fetched mail, in memory or in a spool file. */
export interface FetchedMail {
  uid: number;
  internalDate?: Date;
  /** its bytes; without them `path` is set: the spool file that has them */
  bytes?: Uint8Array;
  path?: string;
}

/** A mail that can't be fetched, and why in words. */
export interface Missed {
  uid: number;
  reason: string;
  size?: number;
}

/** UIDs that are fetched together. */
export interface Group {
  uids: number[];
  large: boolean;
}

/** Those of these UIDs whose mails are large, by SEARCH LARGER: one answer, where FETCH would give one for each mail. */
export const largeOf = async (client: ImapFlow, uids: readonly number[]): Promise<Set<number>> => {
  const large = new Set<number>();
  for (const set of toSets(uids)) {
    const found = await client.search({ uid: set, larger: LARGE - 1 }, { uid: true });
    // a server that refuses the search: large mails are noticed when they arrive
    for (const uid of found || []) large.add(uid);
  }
  return large;
};

/** Cuts ascending UIDs into groups of at most 100 mails; large mails and those in `alone` are groups of their own. */
export const planGroups = (
  uids: readonly number[],
  large: ReadonlySet<number>,
  alone: ReadonlyMap<number, unknown>,
): Group[] => {
  const groups: Group[] = [];
  let open = false;
  for (const uid of uids) {
    const single = large.has(uid) || alone.has(uid);
    const last = groups.at(-1);
    if (open && !single && last && last.uids.length < MAX_MAILS) last.uids.push(uid);
    else groups.push({ uids: [uid], large: large.has(uid) });
    open = !single;
  }
  return groups;
};

const BASE: FetchQueryObject = { uid: true, internalDate: true, size: true };
/** BODY.PEEK[] doesn't set \Seen. A partial FETCH bounds the answer, whatever RFC822.SIZE says. */
const PARTIAL: FetchQueryObject = { ...BASE, source: { start: 0, maxLength: LARGE } };
/** Other FETCH items for the same bytes, for servers that answer the first with nothing. */
const OTHER_WAYS: FetchQueryObject[] = [
  { ...BASE, source: true },
  { ...BASE, headers: true, bodyParts: ['TEXT'] },
];

const bytesOf = (row: FetchMessageObject): Buffer | undefined => {
  if (row.source) return row.source;
  const text = row.bodyParts?.get('text');
  return row.headers && text ? Buffer.concat([row.headers, text]) : undefined;
};

const dateOf = (row: FetchMessageObject): Date | undefined =>
  row.internalDate instanceof Date ? row.internalDate : undefined;

/** Rows of a FETCH that have a body, as they arrive. When the command ends with NO, the rows before it count. */
async function* bodies(client: ImapFlow, uids: readonly number[], query: FetchQueryObject): AsyncGenerator<Row> {
  const wanted = new Set(uids);
  try {
    for (const set of toSets(uids))
      for await (const row of client.fetch(set, query, { uid: true })) {
        // unsolicited rows have flags only, perhaps of other mails (RFC 3501, section 7.4.2)
        const bytes = bytesOf(row);
        const internalDate = dateOf(row);
        if (!bytes || !wanted.delete(row.uid)) continue;
        const { uid, size } = row;
        yield { uid, bytes, ...(internalDate && { internalDate }), ...(size !== undefined && { size }) };
      }
  } catch (error) {
    if (!isRefusedCommand(error)) throw error;
  }
}

/**
 * Fetches again, one by one, the mails that were left out or came too short (`open`, ascending), up to 4 MB of them. `bound`: from this UID on, mails are still
 * to be fetched. `missing`: mails that the folder has and the server doesn't give.
 */
const insist = async (client: ImapFlow, open: readonly number[], { got, short }: Held) => {
  let left: number[] = [...open];
  let bound = Number.POSITIVE_INFINITY;
  let bytes = 0;
  for (const [i, query] of OTHER_WAYS.entries()) {
    left = await stillThere(client, left);
    if (!left.length) break;
    await delay(PAUSES[i]);
    for (const uid of left) {
      if (bytes >= LARGE) bound = Math.min(bound, uid);
      if (uid >= bound) break;
      for await (const mail of bodies(client, [uid], query)) got.set(uid, mail);
      // shorter than RFC822.SIZE twice: then this is what the server has, since some count the size wrongly
      const mail = got.get(uid) ?? short.get(uid);
      if (mail) got.set(uid, mail);
      short.delete(uid);
      bytes += mail?.bytes?.length ?? 0;
    }
    left = left.filter(uid => uid < bound && !got.has(uid));
  }
  const missing = left.length ? await stillThere(client, left) : left;
  return { bound, missing: new Set(missing) };
};

/** Mails in UID order, and those that couldn't be fetched, up to the UID `upTo`. */
export interface FetchedPart {
  upTo: number;
  mails: FetchedMail[];
  missed: Missed[];
  /** it stands for the single large mail `upTo`, which is to be spooled */
  large?: true;
}

/** The parts of what was fetched, after everything missing in it was asked for again. */
async function* settled(client: ImapFlow, held: Held): AsyncGenerator<FetchedPart> {
  while (held.rest.length) {
    const open = held.rest.filter(uid => !held.got.has(uid) && !held.large.has(uid));
    if (!open.length) yield* partsBelow(held, Number.POSITIVE_INFINITY, new Set());
    else {
      const { bound, missing } = await insist(client, open, held);
      yield* partsBelow(held, bound, missing);
    }
  }
}

/**
 * Fetches the mails of a group in parts of up to about 4 MB, whatever sizes the server gives. A mail that the server lists but doesn't give is asked for three
 * times; then it is `missed`, or left out when a new SEARCH no longer finds it.
 */
export async function* fetchParts(client: ImapFlow, uids: readonly number[]): AsyncGenerator<FetchedPart> {
  const large = new Set<number>();
  const sets: (readonly number[])[] = [uids];
  for (let set = sets.shift(); set; set = sets.shift()) {
    const held = holdOf(set, large);
    const asked = set.filter(uid => !large.has(uid));
    for await (const row of bodies(client, asked, PARTIAL)) {
      take(held, row);
      yield* wholeParts(held, row.uid);
    }
    sets.unshift(...setsAgain(held));
    yield* settled(client, held);
  }
}
