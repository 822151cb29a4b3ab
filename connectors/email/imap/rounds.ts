import type { ImapFlow } from 'imapflow';
import { ConnectorError } from '../../contract.ts';
import { absentOf, type Folder, type FolderStatus, listFolders } from './folders.ts';
import { bring, type Work } from './live.ts';
import { compareDue, hasMore, readPosition } from './position.ts';
import { examine, type FolderState } from './state.ts';
import { makeLock, sleep } from './waiting.ts';

/** The folders of one account, by name; vanished ones are removed. */
export type Folders = Map<string, FolderState>;

const stateOf = async ({ checkpoints }: Work, folder: Folder): Promise<FolderState> => ({
  folder,
  position: readPosition(await checkpoints.get(folder.path)),
  lock: makeLock(),
  behindSince: null,
  drops: new Map(),
  lookedAt: 0,
});

/** Updates the folders by LIST: adds new ones, removes vanished ones. */
const adopt = async (work: Work, folders: Folders, listed: Folder[]): Promise<void> => {
  const pulled = listed.filter(folder => folder.pulled);
  if (!pulled.length) throw new ConnectorError('stop', 'The mailbox has none of the folders that are to be read.');
  work.absent = absentOf(work.account.config, listed);
  const names = new Set(pulled.map(folder => folder.path));
  for (const name of folders.keys()) if (!names.has(name)) folders.delete(name);
  for (const folder of pulled) {
    const known = folders.get(folder.path);
    if (known) known.folder = folder;
    else folders.set(folder.path, await stateOf(work, folder));
  }
};

const keyOf = ({ uidValidity, uidNext, messages }: FolderStatus) => `${uidValidity} ${uidNext} ${messages}`;

/** Whether the folder is to be opened: there seems to be mail after its position, and it wasn't looked into since STATUS said so; or a comparison is due. */
const isDue = (work: Work, state: FolderState, asked: number): boolean => {
  const { position, suspect, lookedAt } = state;
  const status = state.folder.status ?? {};
  if (!position || compareDue(position, work.account.config.since ?? null, work.times.compare)) return true;
  if (!hasMore(position, status)) return false;
  const key = keyOf(status);
  if (status.uidNext !== undefined && suspect?.key === key) return lookedAt <= suspect.at;
  state.suspect = { key, at: asked };
  return true;
};

/** Looks at every folder by LIST and STATUS, and returns those that are to be opened. */
export const look = async (work: Work, client: ImapFlow, folders: Folders): Promise<FolderState[]> => {
  const asked = Date.now();
  await adopt(work, folders, await listFolders(client, work.account.config, true));
  const due = [...folders.values()].filter(state => isDue(work, state, asked));
  for (const state of due) if (!state.position || state.suspect?.at === asked) state.behindSince ??= asked;
  return due;
};

/** Opens one folder and brings it up to date. One that can't be opened is left to the next round. */
export const visit = async (work: Work, client: ImapFlow, state: FolderState): Promise<void> => {
  try {
    await examine(client, state.folder.path);
  } catch (error) {
    const { responseStatus, mailboxMissing } = error as { responseStatus?: string; mailboxMissing?: boolean };
    if (!responseStatus && !mailboxMissing) throw error;
    work.account.log.warn({ code: responseStatus }, 'a folder could not be opened');
    return;
  }
  await bring(work, client, state);
};

/** The errand connection, as the rounds use it. */
export interface Errands {
  /** the errand connection is up and takes folders */
  readonly ready: boolean;
  add(state: FolderState): void;
}

/** Lets each folder be brought up to date by the connection that suits best: its own IDLE connection, the errand connection, or this one. */
const assign = async (work: Work, client: ImapFlow, errands: Errands, due: FolderState[]): Promise<void> => {
  const attended = due.filter(state => state.attended);
  for (const state of attended) state.poke?.();
  for (const state of due) {
    if (state.attended || state.lock.busy) continue;
    if (errands.ready) errands.add(state);
    else await visit(work, client, state);
  }
  if (!attended.length) return;
  // an IDLE connection that doesn't react is dead: its folder goes to the errand connection now, not when that shows
  const asked = Date.now();
  await sleep(work.times.answer, work.signal);
  for (const state of attended) if (state.lookedAt < asked - 1 && !state.lock.busy) errands.add(state);
};

/** Repeats LIST and STATUS on the account's first connection, until it breaks. */
export const rounds = async (
  work: Work,
  client: ImapFlow,
  folders: Folders,
  errands: Errands,
  looked: (client: ImapFlow) => void,
): Promise<never> => {
  for (;;) {
    const began = Date.now();
    const due = await look(work, client, folders);
    looked(client);
    await assign(work, client, errands, due);
    await sleep(Math.max(0, began + work.times.status - Date.now()), work.signal);
  }
};
