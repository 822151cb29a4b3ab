import type { ImapFlow } from 'imapflow';
import { deliver, sendPosition } from './deliver.ts';
import { largeOf, planGroups } from './fetch.ts';
import { type FolderPosition, startOf } from './position.ts';
import { examine, type FolderState, opened, type Shared, sinceOf } from './state.ts';
import { uidsAfter } from './uids.ts';

/** Number of UIDs for which `largeOf` is asked at once. */
const WINDOW = 2000;

/** Fetches UIDs (ascending) in order. `position` gives the position after a group, by its last UID. */
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

/** Fetches mails that a comparison found missing; the position doesn't change. */
export const deliverMissing = (shared: Shared, client: ImapFlow, state: FolderState, uids: readonly number[]) => {
  const { position } = state;
  return position ? deliverAll(shared, client, state, uids, () => position) : Promise.resolve();
};

/** Starts the folder again when its UIDVALIDITY is new. Mails are recognised by their keys, so none is stored twice. */
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

/** Fetches what is new in the open folder, in UID order. */
export const catchUp = async (shared: Shared, client: ImapFlow, state: FolderState): Promise<void> => {
  const started = Date.now();
  // a session that was opened long ago may have an old UIDVALIDITY: only a fresh EXAMINE may start a folder again
  if (state.position && state.position.uidValidity !== opened(client).uidValidity)
    await examine(client, state.folder.path);
  const { uidValidity, highestModseq } = opened(client);
  const start = await restartIfNew(shared, state, uidValidity);
  const uids = await uidsAfter(client, start.lastUid, sinceOf(shared.account.config));
  if (uids.length) state.behindSince ??= started;
  // the position never goes to UIDNEXT - 1: a server may have assigned a UID whose mail becomes visible only later
  await deliverAll(shared, client, state, uids, lastUid => ({ ...start, highestModseq, lastUid }));
  state.lookedAt = started;
};
