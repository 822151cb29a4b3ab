import type { ImapFlow } from 'imapflow';
import { deliver, sendPosition } from './deliver.ts';
import { largeOf, planGroups } from './fetch.ts';
import { type FolderPosition, startOf } from './position.ts';
import { examine, type FolderState, opened, type Shared, sinceOf } from './state.ts';
import { uidsAfter } from './uids.ts';

/** Large mails are looked for among this many at once. */
const WINDOW = 2000;

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
    for (const group of planGroups(window, await largeOf(client, window), state.drops)) {
      shared.signal.throwIfAborted();
      await deliver(shared, client, state, group, position);
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
