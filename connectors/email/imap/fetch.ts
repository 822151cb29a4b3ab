import { setTimeout as delay } from 'node:timers/promises';
import type { FetchMessageObject, FetchQueryObject, ImapFlow } from 'imapflow';
import { isRefusedCommand } from './errors.ts';
import { stillThere, toSets } from './uids.ts';

/** A mail from this size up is a batch of its own and goes to a spool file. */
export const LARGE = 4 * 2 ** 20;
const MAX_MAILS = 100;
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

/** Those of these UIDs whose mails are large, by SEARCH: one answer, where sizes by FETCH would be one for each mail. */
export const largeOf = async (client: ImapFlow, uids: readonly number[]): Promise<Set<number>> => {
  const large = new Set<number>();
  for (const set of toSets(uids)) {
    const found = await client.search({ uid: set, larger: LARGE - 1 }, { uid: true });
    // a server that can't say it: large mails show when they come
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

interface Row extends FetchedMail {
  bytes: Buffer;
  size?: number;
}

/** Rows of a FETCH that carry a body, as they come. A NO at its end leaves what came before it. */
async function* bodies(client: ImapFlow, uids: readonly number[], query: FetchQueryObject): AsyncGenerator<Row> {
  const wanted = new Set(uids);
  try {
    for (const set of toSets(uids))
      for await (const row of client.fetch(set, query, { uid: true })) {
        // unsolicited rows tell flags, maybe of other mails (RFC 3501, section 7.4.2)
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
    for (const uid of left) for await (const mail of bodies(client, [uid], query)) got.set(uid, mail);
    // shorter than RFC822.SIZE twice in a row is what the server holds: some count it wrong
    for (const uid of left) if (!got.has(uid) && short.has(uid)) got.set(uid, short.get(uid) as FetchedMail);
    left = left.filter(uid => !got.has(uid));
  }
  return stillThere(client, left);
};

/** Mails in UID order, and what couldn't be had, up to a UID. */
export interface FetchedPart {
  upTo: number;
  mails: FetchedMail[];
  missed: Missed[];
  /** UIDs that turned out to be large, in spite of what the server said */
  large: number[];
}

const inOrder = (mails: Iterable<FetchedMail>): FetchedMail[] => [...mails].sort((a, b) => a.uid - b.uid);

/**
 * Fetches the mails of a group, in parts of up to about 4 MB. What the server promised and doesn't answer is asked for
 * three times; then it is missed, or left out when a new SEARCH doesn't find it any more.
 */
export async function* fetchParts(client: ImapFlow, uids: readonly number[]): AsyncGenerator<FetchedPart> {
  let rest = uids;
  let got = new Map<number, FetchedMail>();
  const short = new Map<number, FetchedMail>();
  const large: number[] = [];
  let bytes = 0;
  for await (const mail of bodies(client, uids, PARTIAL)) {
    if (mail.bytes.length >= LARGE) large.push(mail.uid);
    else if (mail.size !== undefined && mail.bytes.length < mail.size) short.set(mail.uid, mail);
    else got.set(mail.uid, mail);
    bytes += mail.bytes.length;
    // a part may end only where nothing before it is still to come
    if (bytes < LARGE || rest[got.size - 1] !== mail.uid) continue;
    yield { upTo: mail.uid, mails: inOrder(got.values()), missed: [], large: [] };
    rest = rest.slice(got.size);
    got = new Map();
    bytes = 0;
  }
  if (!rest.length) return;
  const left = rest.filter(uid => !got.has(uid) && !large.includes(uid));
  const missing = left.length ? await insist(client, left, got, short) : left;
  const reason = 'The mail server lists this mail and does not hand it out.';
  yield {
    upTo: rest.at(-1) as number,
    mails: inOrder(got.values()),
    missed: missing.map(uid => ({ uid, reason })),
    large: large.sort((a, b) => a - b),
  };
}
