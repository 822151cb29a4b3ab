import type { Seen } from './directory.ts';
import type { WatchState } from './state.ts';

/** Which documents were read. */
interface Reading {
  state: Pick<WatchState, 'documents' | 'folders'>;
  /** of those in folders that have some to read still, which were */
  read: Set<string>;
}

const isAfter = ({ cameAt, name }: Seen, documents: WatchState['documents']): boolean =>
  documents === null || cameAt > documents.at || (cameAt === documents.at && name > documents.name);

const byArrival = (a: Seen, b: Seen): number => a.cameAt - b.cameAt || (a.name < b.name ? -1 : 1);

const momentOf = ({ inode, cameAt }: Seen): string => `${inode} ${cameAt}`;

/** Those that were there before the last one that was read, in a folder that came with them. */
const cameAlong = ({ state: { documents, folders }, read }: Reading, logs: readonly Seen[]): Seen[] => {
  const known = folders && new Set(folders);
  return logs.filter(log => known?.has(log.folder) === false && !isAfter(log, documents) && !read.has(momentOf(log)));
};

/** Documents that weren't read yet: those that came after the last one that was, and all of a folder that came with what lies in it. */
export const dueOf = (reading: Reading, logs: readonly Seen[]): Seen[] =>
  [...cameAlong(reading, logs), ...logs.filter(log => isAfter(log, reading.state.documents))].sort(byArrival);

/** This one was read. */
export const note = ({ state, read }: Reading, document: Seen): void => {
  const { cameAt: at, name } = document;
  if (isAfter(document, state.documents)) state.documents = { at, name };
  read.add(momentOf(document));
};

/** From now on the documents of a folder go by when they came, but of those that still have some to read. */
export const settle = (reading: Reading, logs: readonly Seen[]): void => {
  const open = new Set(cameAlong(reading, logs).map(({ folder }) => folder));
  reading.state.folders = [...new Set(logs.map(({ folder }) => folder))].filter(folder => !open.has(folder));
  if (open.size === 0) reading.read.clear();
};
