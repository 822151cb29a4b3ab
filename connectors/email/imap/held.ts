import { LARGE } from '../spool.ts';
import type { FetchedMail, FetchedPart } from './fetch.ts';

/** Reason for quarantine, in words. */
export const NOT_GIVEN = 'The mail server lists this mail and does not hand it out.';

/** A row of a FETCH with a mail. `size`: the RFC822.SIZE that the server gives. */
export interface Row extends FetchedMail {
  bytes: Uint8Array;
  size?: number;
}

/** What has been fetched of some UIDs (ascending), in bounded memory: at most 4 MB of bodies and one mail more; of the others only the lengths. */
export interface Held {
  /** UIDs of which nothing was sent on yet */
  rest: readonly number[];
  got: Map<number, FetchedMail>;
  /** mails shorter than the server's RFC822.SIZE */
  short: Map<number, FetchedMail>;
  /** large mails: they go to spool files instead */
  large: Set<number>;
  /** lengths of mails for which there was no room: they are fetched again */
  dropped: Map<number, number>;
  bytes: number;
}

/** Nothing fetched yet of these UIDs. */
export const holdOf = (uids: readonly number[], large: Set<number>): Held => ({
  rest: uids,
  got: new Map(),
  short: new Map(),
  large,
  dropped: new Map(),
  bytes: 0,
});

/** Adds a row, in so far as there is room. */
export const take = (held: Held, row: Row): void => {
  const { uid, bytes, size } = row;
  if (bytes.length >= LARGE) held.large.add(uid);
  else if (held.bytes >= LARGE) held.dropped.set(uid, bytes.length);
  else {
    (size !== undefined && bytes.length < size ? held.short : held.got).set(uid, row);
    held.bytes += bytes.length;
  }
};

/** Takes out the mails with UIDs below `bound`, in UID order, a large mail alone. A UID that is neither held nor missing is gone from the folder. */
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

/** A part, once there are 4 MB of mails and none is missing before the last one that came. */
export function* wholeParts(held: Held, last: number): Generator<FetchedPart> {
  const { rest, got, bytes } = held;
  if (bytes < LARGE || rest[got.size - 1] !== last || !rest.slice(0, got.size).every(uid => got.has(uid))) return;
  held.bytes = 0;
  yield* partsBelow(held, last + 1, new Set());
}

/**
 * Removes the UIDs from the first one on for which there was no room, and answers them as sets to be fetched anew: of at most 4 MB each, and each smaller than
 * this one, so that it ends.
 */
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
