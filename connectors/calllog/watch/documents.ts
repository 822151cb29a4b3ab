import type { Seen } from './directory.ts';
import type { WatchState } from './state.ts';

/** Which documents of a watched folder were read. */
interface Reading {
  state: Pick<WatchState, 'documents' | 'folders'>;
  /** those read so far in folders that still have unread ones, by inode and ctime */
  read: Set<string>;
}

const isAfter = ({ cameAt, name }: Seen, documents: WatchState['documents']): boolean =>
  documents === null || cameAt > documents.at || (cameAt === documents.at && name > documents.name);

const byArrival = (a: Seen, b: Seen): number => a.cameAt - b.cameAt || (a.name < b.name ? -1 : 1);

const momentOf = ({ inode, cameAt }: Seen): string => `${inode} ${cameAt}`;

/** Unread documents that are older than the last one that was read: they are in a folder that was moved here with them. */
const cameAlong = ({ state: { documents, folders }, read }: Reading, logs: readonly Seen[]): Seen[] => {
  const known = folders && new Set(folders);
  return logs.filter(log => known?.has(log.folder) === false && !isAfter(log, documents) && !read.has(momentOf(log)));
};

/** Documents that weren't read yet, oldest first: those that arrived after the last one that was, and all in folders that were moved here. */
export const dueOf = (reading: Reading, logs: readonly Seen[]): Seen[] =>
  [...cameAlong(reading, logs), ...logs.filter(log => isAfter(log, reading.state.documents))].sort(byArrival);

/** Marks a document as read. */
export const note = ({ state, read }: Reading, document: Seen): void => {
  const { cameAt: at, name } = document;
  if (isAfter(document, state.documents)) state.documents = { at, name };
  read.add(momentOf(document));
};

/** Marks folders as known once all their documents are read: from then on only documents that arrive later are new in them. */
export const settle = (reading: Reading, logs: readonly Seen[]): void => {
  const open = new Set(cameAlong(reading, logs).map(({ folder }) => folder));
  reading.state.folders = [...new Set(logs.map(({ folder }) => folder))].filter(folder => !open.has(folder));
  if (open.size === 0) reading.read.clear();
};
