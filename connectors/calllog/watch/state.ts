import type { Captured, Position } from '../../contract.ts';
import type { Place } from '../files/place.ts';
import type { Cdr } from '../types.ts';

/** A leg whose recording may still come. */
export interface Waiting {
  belongsTo: string;
  direction: Captured['direction'];
  /** ISO 8601 */
  at: string;
  /** when it ended; of an earlier version it isn't known */
  until?: string;
  /** when it was read, in milliseconds */
  since: number;
  cdr: Pick<Cdr, 'id' | 'call' | 'recordings'> & Partial<Pick<Cdr, 'from' | 'to'>>;
}

/** How far a directory was read. */
export interface WatchState {
  /** of logs of lines, by inode: a log that is rotated keeps its place under its new name */
  files: Record<string, Place>;
  /** of documents, one a call: up to this one by the time it came to lie there */
  documents: { at: number; name: string } | null;
  /** folders, by inode, whose documents go by that: of another one, which was moved here with what lies in it, all are new. An earlier version noted none. */
  folders?: string[] | undefined;
  waiting: Waiting[];
}

const MOST_WAITING = 100;
const LONGEST_WAIT = 24 * 3600_000;

export const stateOf = (position: Position | null): WatchState => {
  const { files = {}, documents = null, folders, waiting = [] } = (position ?? {}) as Partial<WatchState>;
  return { files: { ...files }, documents, folders, waiting: [...waiting] };
};

/** What is stored of it; nothing of it changes later. */
export const positionOf = ({ files, documents, folders, waiting }: WatchState): Position => ({
  files: Object.fromEntries(Object.entries(files).map(([inode, place]) => [inode, { ...place }])),
  documents,
  ...(folders ? { folders: [...folders] } : {}),
  waiting: [...waiting],
});

const byCall = (a: Waiting, b: Waiting): number => Date.parse(a.at) - Date.parse(b.at);

/** The newest calls that may still get one: an old log may be read again, compressed by now. */
export const withWaiting = (waiting: readonly Waiting[], more: readonly Waiting[], now: number): Waiting[] =>
  [...waiting, ...more]
    .filter(({ since }) => now - since < LONGEST_WAIT)
    .sort(byCall)
    .slice(-MOST_WAITING);
