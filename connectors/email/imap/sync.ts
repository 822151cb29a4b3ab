import type { ImapFlow } from 'imapflow';
import type { Account, Batch, Captured, Checkpoints, Failed } from '../../contract.ts';
import type { EmailConfig } from './config.ts';
import {
  type FetchedGroup,
  type FetchedMail,
  fetchGroup,
  type Group,
  type Missed,
  planGroups,
  sizesOf,
} from './fetch.ts';
import type { Folder } from './folders.ts';
import type { Outlet, Place } from './outlet.ts';
import { type FolderPosition, startOf } from './position.ts';
import { spoolMail } from './spool.ts';
import { uidsAfter } from './uids.ts';
import type { Lock, Permits } from './waiting.ts';

/** Sizes are asked for this many mails at once. */
const WINDOW = 2000;
/** A mail in whose FETCH the connection broke this often (alone) is missed. */
const MAX_DROPS = 3;

export interface Where {
  folder: string;
  folderIsSent: boolean;
  uidValidity: string;
}

/** Makes items of fetched mails, in their order; never fails for a mail, whatever is in it. */
export type ReadMails = (mails: FetchedMail[], where: Where) => Promise<Captured[]>;

/** What the connections of one account share. */
export interface Shared {
  account: Account<EmailConfig>;
  checkpoints: Checkpoints;
  outlet: Outlet;
  read: ReadMails;
  /** at most two large mails at once */
  large: Permits;
  signal: AbortSignal;
}

/** A folder as this pull knows it. */
export interface FolderState {
  folder: Folder;
  /** where it stands counting all that was sent to the outlet */
  position: FolderPosition | null;
  /** one connection at a time brings it up to date */
  lock: Lock;
  /** when we learned of mail that isn't stored yet; ms */
  behindSince: number | null;
  /** mails in whose FETCH the connection broke, and how often alone */
  drops: Map<number, number>;
  /** when a look that found everything began; ms */
  lookedAt: number;
  /** STATUS by which there seemed to be more, and when it came */
  suspect?: { key: string; at: number };
  /** an IDLE is open on it: called to have it look itself */
  poke?: () => void;
}

export const sinceOf = ({ since }: EmailConfig): Date | null => (since ? new Date(since) : null);

/** EXAMINE: read-only, so that nothing at the source can change. */
export const examine = async (client: ImapFlow, path: string): Promise<void> => {
  await client.mailboxOpen(path, { readOnly: true });
};

/** UIDVALIDITY and HIGHESTMODSEQ of the open folder. */
const opened = (client: ImapFlow) => {
  if (!client.mailbox) throw Object.assign(new Error('no folder is open'), { code: 'NoConnection' });
  const { uidValidity, highestModseq } = client.mailbox;
  return {
    uidValidity: String(uidValidity ?? ''),
    highestModseq: highestModseq === undefined ? null : String(highestModseq),
  };
};

/** Sends a batch without items: it moves the position, or says that older sightings are stale. */
export const sendPosition = async (shared: Shared, state: FolderState, next: FolderPosition): Promise<void> => {
  const place = await shared.outlet.place(shared.signal);
  send(shared, state, place, Promise.resolve([]), [], next);
};

const send = (
  { outlet }: Shared,
  state: FolderState,
  place: Place,
  items: Promise<Captured[]>,
  failed: Failed[],
  moved: FolderPosition,
): void => {
  const stream = state.folder.path;
  const next = { ...moved, serial: (state.position?.serial ?? 0) + 1 };
  state.position = next;
  const batch = items.then((read): Batch => ({ stream, items: read, failed, next, uidValidity: next.uidValidity }));
  outlet.send(place, stream, batch);
};

const failedOf = ({ folder, uidValidity }: Where, { uid, reason, size }: Missed): Failed => ({
  locator: `${folder}/${uidValidity}/${uid}`,
  reason,
  ...(size !== undefined && { size }),
  sighting: { folder, uidValidity, uid },
});

const whereOf = (state: FolderState, uidValidity: string): Where => ({
  folder: state.folder.path,
  folderIsSent: state.folder.sent,
  uidValidity,
});

/** A group of one mail whose FETCH broke the connection again and again isn't tried any more. */
const givenUp = (state: FolderState, { uids: [uid, ...others] }: Group): FetchedGroup | undefined => {
  if (uid === undefined || others.length || (state.drops.get(uid) ?? 0) < MAX_DROPS) return undefined;
  const reason = `The connection to the mail server broke ${MAX_DROPS} times while this mail was fetched.`;
  return { mails: [], missed: [{ uid, reason }], large: [] };
};

/** Remembers what was being fetched when a connection broke: a group is fetched one by one next time. */
const rememberDrop = (state: FolderState, { uids }: Group): void => {
  const alone = uids.length === 1;
  for (const uid of uids) state.drops.set(uid, (state.drops.get(uid) ?? 0) + (alone ? 1 : 0));
};

const spooled = async (shared: Shared, client: ImapFlow, uids: number[]): Promise<FetchedGroup> => {
  const group: FetchedGroup = { mails: [], missed: [], large: [] };
  for (const uid of uids) {
    try {
      const mail = await spoolMail(client, uid, shared.account.spool);
      if (mail) group.mails.push(mail);
    } catch (error) {
      if ((error as { code?: string }).code !== 'NOT_GIVEN') throw error;
      group.missed.push({ uid, reason: 'The mail server lists this mail and does not hand it out.' });
    }
  }
  return group;
};

const fetched = async (shared: Shared, client: ImapFlow, state: FolderState, group: Group): Promise<FetchedGroup> => {
  const without = givenUp(state, group);
  if (without) return without;
  try {
    if (group.large) return await spooled(shared, client, group.uids);
    const small = await fetchGroup(client, group.uids);
    if (!small.large.length) return small;
    const big = await spooled(shared, client, small.large);
    const mails = [...small.mails, ...big.mails].sort((a, b) => a.uid - b.uid);
    return { mails, missed: [...small.missed, ...big.missed], large: [] };
  } catch (error) {
    if (!shared.signal.aborted) rememberDrop(state, group);
    throw error;
  }
};

/** Fetches one group and sends it, parsing under way. */
const deliver = async (
  shared: Shared,
  client: ImapFlow,
  state: FolderState,
  group: Group,
  next: FolderPosition,
): Promise<void> => {
  const place = await shared.outlet.place(shared.signal);
  let done = () => {};
  try {
    if (group.large) done = await shared.large.take(shared.signal);
    const { mails, missed } = await fetched(shared, client, state, group);
    for (const uid of group.uids) state.drops.delete(uid);
    const where = whereOf(state, next.uidValidity);
    const failed = missed.map(each => failedOf(where, each));
    const items = mails.length ? shared.read(mails, where) : Promise.resolve([]);
    send(shared, state, place, items.finally(done), failed, next);
  } catch (error) {
    done();
    place.free();
    throw error;
  }
};

/** Fetches UIDs (ascending) in order. `position` gives the position after each group, by its last UID. */
const deliverAll = async (
  shared: Shared,
  client: ImapFlow,
  state: FolderState,
  uids: readonly number[],
  position: (lastUid: number) => FolderPosition,
): Promise<void> => {
  for (let from = 0; from < uids.length; from += WINDOW) {
    const window = uids.slice(from, from + WINDOW);
    const sizes = await sizesOf(client, window);
    for (const group of planGroups(window, sizes, state.drops)) {
      shared.signal.throwIfAborted();
      await deliver(shared, client, state, group, position(group.uids.at(-1) as number));
    }
  }
};

/** Fetches the mails of a comparison that we lack; the position stays. */
export const deliverMissing = (shared: Shared, client: ImapFlow, state: FolderState, uids: readonly number[]) => {
  const { position } = state;
  return position ? deliverAll(shared, client, state, uids, () => position) : Promise.resolve();
};

/** A new UIDVALIDITY begins the folder again: everything is found again by its key and makes no double. */
const restartIfNew = async (shared: Shared, state: FolderState, uidValidity: string): Promise<FolderPosition> => {
  const { position } = state;
  if (position?.uidValidity === uidValidity) return position;
  const start = startOf(uidValidity, shared.account.config.since ?? null, position?.serial);
  state.drops.clear();
  // tells the core that the sightings of the old validity are stale, also when the folder is empty now
  if (position) await sendPosition(shared, state, start);
  else state.position = start;
  return start;
};

/** Brings the open folder (EXAMINE) from its position to what the server holds, in UID order. */
export const catchUp = async (shared: Shared, client: ImapFlow, state: FolderState): Promise<void> => {
  const started = Date.now();
  // a session that was opened long ago may know an old UIDVALIDITY: only a fresh look may begin a folder again
  if (state.position && state.position.uidValidity !== opened(client).uidValidity)
    await examine(client, state.folder.path);
  const { uidValidity, highestModseq } = opened(client);
  const start = await restartIfNew(shared, state, uidValidity);
  const uids = await uidsAfter(client, start.lastUid, sinceOf(shared.account.config));
  if (uids.length) state.behindSince ??= started;
  // never to UIDNEXT - 1: a server can have given out a UID whose mail shows only later
  await deliverAll(shared, client, state, uids, lastUid => ({ ...start, highestModseq, lastUid }));
  state.lookedAt = started;
};
