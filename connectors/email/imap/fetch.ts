import { setTimeout as delay } from 'node:timers/promises';
import type { FetchMessageObject, FetchQueryObject, ImapFlow } from 'imapflow';
import { isRefusedCommand } from './errors.ts';
import { stillThere, toSets } from './uids.ts';

/** A mail from this size up is a batch of its own and goes to a spool file. */
export const LARGE = 4 * 2 ** 20;
const MAX_MAILS = 100;
/** What is assumed of a mail whose size the server doesn't tell. */
const UNTOLD = 256 * 1024;
/** Before the second and the third try for a mail that the server promised and left out. */
const PAUSES = [300, 1500];

export interface FetchedMail {
  uid: number;
  internalDate?: Date;
  /** the mail, or `path` of the spool file that holds it */
  bytes?: Uint8Array;
  path?: string;
}

export interface Missed {
  uid: number;
  reason: string;
  size?: number;
}

export interface Group {
  uids: number[];
  large: boolean;
}

/** RFC822.SIZE of these UIDs, as far as the server tells them. */
export const sizesOf = async (client: ImapFlow, uids: readonly number[]): Promise<Map<number, number>> => {
  const sizes = new Map<number, number>();
  for (const set of toSets(uids))
    for await (const row of client.fetch(set, { uid: true, size: true }, { uid: true }))
      if (row.uid && row.size !== undefined) sizes.set(row.uid, row.size);
  return sizes;
};

/** Cuts ascending UIDs into groups of at most 100 mails and 4 MB; large mails and those in `alone` are groups of their own. */
export const planGroups = (
  uids: readonly number[],
  sizes: ReadonlyMap<number, number>,
  alone: ReadonlyMap<number, unknown>,
): Group[] => {
  const groups: Group[] = [];
  let room = 0;
  for (const uid of uids) {
    const size = sizes.get(uid) || UNTOLD;
    const last = groups.at(-1);
    const single = size >= LARGE || alone.has(uid);
    if (!last || single || size > room || last.uids.length >= MAX_MAILS) {
      groups.push({ uids: [uid], large: size >= LARGE });
      room = single ? 0 : LARGE - size;
    } else {
      last.uids.push(uid);
      room -= size;
    }
  }
  return groups;
};

const BASE: FetchQueryObject = { uid: true, internalDate: true, size: true };
/** BODY.PEEK[] sets no \Seen. A partial one can't grow beyond what was planned, whatever RFC822.SIZE said. */
const PARTIAL: FetchQueryObject = { ...BASE, source: { start: 0, maxLength: LARGE } };
/** Second and third way to ask for the same bytes, for servers whose first one answers nothing. */
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

/** Every row of a FETCH that carries a body, by UID. A NO at its end leaves what came before it. */
const bodies = async (client: ImapFlow, uids: readonly number[], query: FetchQueryObject) => {
  const wanted = new Set(uids);
  const rows = new Map<number, FetchedMail & { bytes: Buffer; size?: number }>();
  try {
    for (const set of toSets(uids))
      for await (const row of client.fetch(set, query, { uid: true })) {
        // unsolicited rows tell flags, maybe of other mails (RFC 3501, section 7.4.2)
        const bytes = bytesOf(row);
        const internalDate = dateOf(row);
        if (bytes && wanted.has(row.uid))
          rows.set(row.uid, {
            uid: row.uid,
            bytes,
            ...(internalDate && { internalDate }),
            ...(row.size !== undefined && { size: row.size }),
          });
      }
  } catch (error) {
    if (!isRefusedCommand(error)) throw error;
  }
  return rows;
};

/** Asks again, one by one, for mails that were left out or came short. Returns those that are there and can't be had. */
const insist = async (
  client: ImapFlow,
  left: number[],
  got: Map<number, FetchedMail>,
  short: Map<number, FetchedMail>,
): Promise<number[]> => {
  for (const [i, query] of OTHER_WAYS.entries()) {
    left = await stillThere(client, left);
    if (!left.length) return left;
    await delay(PAUSES[i]);
    for (const uid of left) {
      const mail = (await bodies(client, [uid], query)).get(uid);
      if (mail) got.set(uid, mail);
    }
    // shorter than RFC822.SIZE twice in a row is what the server holds: some count it wrong
    for (const uid of left) if (!got.has(uid) && short.has(uid)) got.set(uid, short.get(uid) as FetchedMail);
    left = left.filter(uid => !got.has(uid));
  }
  return stillThere(client, left);
};

export interface FetchedGroup {
  /** in UID order */
  mails: FetchedMail[];
  missed: Missed[];
  /** UIDs that turned out to be large, in spite of the size the server told */
  large: number[];
}

/**
 * Fetches the mails of a group. What the server promised and doesn't answer is asked for three times; then it is
 * missed, or left out when a new SEARCH doesn't find it any more.
 */
export const fetchGroup = async (client: ImapFlow, uids: readonly number[]): Promise<FetchedGroup> => {
  const got = new Map<number, FetchedMail>();
  const short = new Map<number, FetchedMail>();
  const large: number[] = [];
  for (const [uid, mail] of await bodies(client, uids, PARTIAL)) {
    if (mail.bytes.length >= LARGE) large.push(uid);
    else if (mail.size !== undefined && mail.bytes.length < mail.size) short.set(uid, mail);
    else got.set(uid, mail);
  }
  const left = uids.filter(uid => !got.has(uid) && !large.includes(uid));
  const missing = left.length ? await insist(client, left, got, short) : left;
  return {
    mails: [...got.values()].sort((a, b) => a.uid - b.uid),
    missed: missing.map(uid => ({ uid, reason: 'The mail server lists this mail and does not hand it out.' })),
    large: large.sort((a, b) => a - b),
  };
};
