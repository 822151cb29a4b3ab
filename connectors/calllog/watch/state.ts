import type { Captured, Position } from '../../contract.ts';
import type { Place } from '../files/place.ts';
import type { Cdr } from '../types.ts';

/** A leg whose recording may still come. */
export interface Waiting {
  belongsTo: string;
  direction: Captured['direction'];
  /** ISO 8601 */
  at: string;
  /** ISO 8601, when it ended; missing in what earlier versions stored */
  until?: string;
  /** when it was read, Unix milliseconds */
  since: number;
  cdr: Pick<Cdr, 'id' | 'call' | 'recordings'> & Partial<Pick<Cdr, 'from' | 'to'>>;
}

/** How far a directory was read. */
export interface WatchState {
  /** of logs, by inode: a log keeps its place when it is renamed by rotation */
  files: Record<string, Place>;
  /** the last document that was read, by arrival (ctime, Unix milliseconds) */
  documents: { at: number; name: string } | null;
  /**
   * inodes of folders in which `documents` tells what was read. In any other folder (it was moved here) all documents are new. Missing in what earlier versions
   * stored.
   */
  folders?: string[] | undefined;
  waiting: Waiting[];
}

const MOST_WAITING = 100;
const LONGEST_WAIT = 24 * 3600_000;

/** The stored state, or an empty one. */
export const stateOf = (position: Position | null): WatchState => {
  const { files = {}, documents = null, folders, waiting = [] } = (position ?? {}) as Partial<WatchState>;
  return { files: { ...files }, documents, folders, waiting: [...waiting] };
};

/** A copy to be stored, which later changes of the state don't touch. */
export const positionOf = ({ files, documents, folders, waiting }: WatchState): Position => ({
  files: Object.fromEntries(Object.entries(files).map(([inode, place]) => [inode, { ...place }])),
  documents,
  ...(folders ? { folders: [...folders] } : {}),
  waiting: [...waiting],
});

const byCall = (a: Waiting, b: Waiting): number => Date.parse(a.at) - Date.parse(b.at);

/**
 * The legs that still wait for a recording: the newest 100, of the last 24 hours. They are limited since an old log may be read again when it is compressed.
 */
export const withWaiting = (waiting: readonly Waiting[], more: readonly Waiting[], now: number): Waiting[] =>
  [...waiting, ...more]
    .filter(({ since }) => now - since < LONGEST_WAIT)
    .sort(byCall)
    .slice(-MOST_WAITING);
