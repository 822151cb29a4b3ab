import { LARGE } from '../spool.ts';
import type { FetchedMail, FetchedPart } from './fetch.ts';

export const NOT_GIVEN = 'The mail server lists this mail and does not hand it out.';

/** A mail as a FETCH gave it, with the RFC822.SIZE that the server tells. */
export interface Row extends FetchedMail {
  bytes: Uint8Array;
  size?: number;
}

/** What FETCHes of some UIDs (ascending) gave, in bounded memory: 4 MB of bodies and one mail; of others only their length. */
export interface Held {
  /** of these nothing went out yet */
  rest: readonly number[];
  got: Map<number, FetchedMail>;
  /** shorter than the server said */
  short: Map<number, FetchedMail>;
  /** not held here: they go to spool files */
  large: Set<number>;
  /** lengths of those that came when there was no room; they are fetched again */
  dropped: Map<number, number>;
  bytes: number;
}

export const holdOf = (uids: readonly number[], large: Set<number>): Held => ({
  rest: uids,
  got: new Map(),
  short: new Map(),
  large,
  dropped: new Map(),
  bytes: 0,
});

export const take = (held: Held, row: Row): void => {
  const { uid, bytes, size } = row;
  if (bytes.length >= LARGE) held.large.add(uid);
  else if (held.bytes >= LARGE) held.dropped.set(uid, bytes.length);
  else {
    (size !== undefined && bytes.length < size ? held.short : held.got).set(uid, row);
    held.bytes += bytes.length;
  }
};

/** Takes what is held below `bound` out, in UID order, a large mail by itself. Who is neither held nor missing is gone. */
export function* partsBelow(held: Held, bound: number, missing: ReadonlySet<number>): Generator<FetchedPart> {
  let part: FetchedPart | undefined;
  for (const uid of held.rest.filter(one => one < bound)) {
    if (held.large.has(uid)) {
      if (part) yield part;
      part = undefined;
      yield { upTo: uid, mails: [], missed: [], large: true };
      continue;
    }
    part ??= { upTo: uid, mails: [], missed: [] };
    part.upTo = uid;
    const mail = held.got.get(uid);
    if (mail) part.mails.push(mail);
    else if (missing.has(uid)) part.missed.push({ uid, reason: NOT_GIVEN });
    held.got.delete(uid);
  }
  held.rest = held.rest.filter(one => one >= bound);
  if (part) yield part;
}

/** 4 MB of mails, when nothing before the last one that came is still to come. */
export function* wholeParts(held: Held, last: number): Generator<FetchedPart> {
  const { rest, got, bytes } = held;
  if (bytes < LARGE || rest[got.size - 1] !== last || !rest.slice(0, got.size).every(uid => got.has(uid))) return;
  held.bytes = 0;
  yield* partsBelow(held, last + 1, new Set());
}

/** Lets the UIDs go that come behind one for which there was no room: sets to be fetched of 4 MB each, smaller than this one. */
export const setsAgain = (held: Held): number[][] => {
  const from = Math.min(...held.dropped.keys());
  const most = Math.ceil(held.rest.length / 2);
  const sets: number[][] = [];
  let bytes = LARGE;
  for (const uid of held.rest.filter(one => one >= from)) {
    const length = (held.got.get(uid) ?? held.short.get(uid))?.bytes?.length ?? held.dropped.get(uid) ?? 0;
    const last = sets.at(-1);
    if (last && bytes + length <= LARGE && last.length < most) last.push(uid);
    else sets.push([uid]);
    bytes = last === sets.at(-1) ? bytes + length : length;
    held.got.delete(uid);
    held.short.delete(uid);
  }
  held.rest = held.rest.filter(one => one < from);
  return sets;
};
