import type { ImapFlow } from 'imapflow';
import type { Checkpoints } from '../../contract.ts';
import { sendPosition } from './deliver.ts';
import { compareDue, type FolderPosition, readPosition } from './position.ts';
import { type FolderState, type Shared, sinceOf } from './state.ts';
import { deliverMissing } from './sync.ts';
import { uidsAfter } from './uids.ts';
import { sleep } from './waiting.ts';

/** How long a comparison waits for batches to be stored before it is put off, ms. */
const PATIENCE = 30_000;

/** Waits until the core has stored what was sent up to `position`; false when that takes too long. */
const stored = async ({ checkpoints, signal }: Shared, stream: string, position: FolderPosition): Promise<boolean> => {
  const until = Date.now() + PATIENCE;
  for (let pause = 20; Date.now() < until; pause = Math.min(500, pause * 2)) {
    const now = readPosition(await checkpoints.get(stream));
    if (!now ? position.serial === 0 : now.serial >= position.serial) return true;
    await sleep(pause, signal);
  }
  return false;
};

/** Those of `uids` (ascending) of which we have neither sighting nor quarantine row. */
const notHeld = async (
  checkpoints: Checkpoints,
  stream: string,
  uidValidity: string,
  uids: readonly number[],
): Promise<number[]> => {
  const missing: number[] = [];
  let i = 0;
  for await (const held of checkpoints.held(stream, uidValidity)) {
    for (; i < uids.length && (uids[i] as number) < held; i++) missing.push(uids[i] as number);
    if (uids[i] === held) i++;
  }
  return missing.concat(uids.slice(i));
};

/**
 * Compares all UIDs of the open folder with what is stored, fetches what is missing, and reports the counts after that. IDLE and UIDNEXT are only hints: that
 * no mail is lost rests on this comparison. The folder must be caught up.
 */
export const compare = async (shared: Shared, client: ImapFlow, state: FolderState): Promise<void> => {
  const { checkpoints, account } = shared;
  const stream = state.folder.path;
  const since = account.config.since ?? null;
  for (let round = 0; state.position; round++) {
    const { position } = state;
    if (!(await stored(shared, stream, position))) return;
    // a session learns of expunged mails only between commands
    await client.noop();
    const all = await uidsAfter(client, 0, sinceOf(account.config));
    const known = all.filter(uid => uid <= position.lastUid);
    const missing = await notHeld(checkpoints, stream, position.uidValidity, known);
    if (!missing.length || round > 0) {
      await checkpoints.compared(stream, { held: known.length, missing: missing.length });
      return sendPosition(shared, state, { ...position, since, comparedAt: new Date().toISOString() });
    }
    account.log.warn({ missing: missing.length, held: known.length }, 'mails were missing and are fetched again');
    state.behindSince ??= Date.now();
    await deliverMissing(shared, client, state, missing);
  }
};

/** Compares when it is due. */
export const compareIfDue = async (
  shared: Shared,
  client: ImapFlow,
  state: FolderState,
  interval: number,
): Promise<void> => {
  const { position } = state;
  if (position && compareDue(position, shared.account.config.since ?? null, interval))
    await compare(shared, client, state);
};
