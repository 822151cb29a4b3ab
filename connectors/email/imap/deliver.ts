import type { ImapFlow } from 'imapflow';
import type { Batch, Captured, Failed } from '../../contract.ts';
import { isDrop, isRefusedCommand } from './errors.ts';
import { type FetchedPart, fetchParts, type Group, type Missed, PAUSES } from './fetch.ts';
import { NOT_GIVEN } from './held.ts';
import type { Place } from './outlet.ts';
import type { FolderPosition } from './position.ts';
import { spoolMail } from './spool.ts';
import type { FolderState, Shared, Where } from './state.ts';
import { sleep } from './waiting.ts';

/** A mail that was fetched alone counts as missed after so many broken connections. */
const MAX_DROPS = 3;

/** Sends a batch without items, to move the position or to make sightings of an older UIDVALIDITY stale. */
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

/** For a single mail whose FETCH broke the connection too often: a part that reports it as missed. Else undefined. */
const givenUp = (state: FolderState, { uids: [uid, ...others] }: Group): FetchedPart | undefined => {
  if (uid === undefined || others.length || (state.drops.get(uid) ?? 0) < MAX_DROPS) return undefined;
  const reason = `The connection to the mail server broke ${MAX_DROPS} times while this mail was fetched.`;
  return { upTo: uid, mails: [], missed: [{ uid, reason }] };
};

/** Remembers what was being fetched when the connection broke: it is fetched one by one next time. */
const rememberDrop = (state: FolderState, { uids }: Group, after: number): void => {
  const alone = uids.length === 1;
  for (const uid of uids) if (uid > after) state.drops.set(uid, (state.drops.get(uid) ?? 0) + (alone ? 1 : 0));
};

/** Fetches a large mail into a spool file, in three attempts. */
const spooled = async ({ account, signal }: Shared, client: ImapFlow, uid: number): Promise<FetchedPart> => {
  for (let tries = 0; ; tries++) {
    try {
      const mail = await spoolMail(client, uid, account.spool);
      return { upTo: uid, mails: mail ? [mail] : [], missed: [] };
    } catch (error) {
      if ((error as { code?: string }).code !== 'NOT_GIVEN' && !isRefusedCommand(error)) throw error;
    }
    const pause = PAUSES[tries];
    if (pause === undefined) return { upTo: uid, mails: [], missed: [{ uid, reason: NOT_GIVEN }] };
    await sleep(pause, signal);
  }
};

async function* partsOf(client: ImapFlow, state: FolderState, group: Group): AsyncGenerator<FetchedPart> {
  const without = givenUp(state, group);
  if (without) yield without;
  else if (!group.large) yield* fetchParts(client, group.uids);
  else for (const upTo of group.uids) yield { upTo, mails: [], missed: [], large: true };
}

const sendPart = (
  shared: Shared,
  state: FolderState,
  place: Place,
  { mails, missed }: FetchedPart,
  next: FolderPosition,
  done?: () => void,
): void => {
  const where = whereOf(state, next.uidValidity);
  const failed = missed.map(each => failedOf(where, each));
  const items = mails.length ? shared.read(mails, where, shared.account) : Promise.resolve([]);
  send(shared, state, place, items.finally(done), failed, next);
};

/** Sends a large mail as a batch of its own. It is spooled only once there is room for the batch, and at most two of an account at once. */
const sendLarge = async (
  shared: Shared,
  client: ImapFlow,
  state: FolderState,
  place: Place,
  uid: number,
  next: FolderPosition,
): Promise<void> => {
  const done = await shared.large.take(shared.signal);
  try {
    sendPart(shared, state, place, await spooled(shared, client, uid), next, done);
  } catch (error) {
    done();
    throw error;
  }
};

/** Fetches one group of mails and sends it in parts, which are parsed meanwhile. `position` gives the position after a part, by its last UID. */
export const deliver = async (
  shared: Shared,
  client: ImapFlow,
  state: FolderState,
  group: Group,
  position: (lastUid: number) => FolderPosition,
): Promise<void> => {
  let place: Place | undefined = await shared.outlet.place(shared.signal);
  let sent = 0;
  try {
    for await (const part of partsOf(client, state, group)) {
      place ??= await shared.outlet.place(shared.signal);
      const next = position(part.upTo);
      if (part.large) await sendLarge(shared, client, state, place, part.upTo, next);
      else sendPart(shared, state, place, part, next);
      place = undefined;
      sent = part.upTo;
    }
    for (const uid of group.uids) state.drops.delete(uid);
  } catch (error) {
    if (!shared.signal.aborted && isDrop(error, client)) rememberDrop(state, group, sent);
    throw error;
  } finally {
    place?.free();
  }
};
