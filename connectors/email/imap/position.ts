import type { Position } from '../../contract.ts';
import type { FolderStatus } from './folders.ts';

/** Where a folder stands. Everything up to `lastUid` is stored, quarantined or confirmed gone. */
export type FolderPosition = {
  uidValidity: string;
  lastUid: number;
  /** as last seen, for the record; null without CONDSTORE (RFC 7162) */
  highestModseq: string | null;
  /** the account's `since` by which mail was left out */
  since: string | null;
  /** ISO date of the last comparison of all UIDs; null while the first is due */
  comparedAt: string | null;
  /** counts batches, so that one can wait until exactly this position is stored */
  serial: number;
};

/** Reads a stored position; one of another shape counts as none. */
export const readPosition = (stored: Position | null): FolderPosition | null => {
  if (!stored || typeof stored.uidValidity !== 'string' || typeof stored.lastUid !== 'number') return null;
  const text = (value: unknown) => (typeof value === 'string' ? value : null);
  return {
    uidValidity: stored.uidValidity,
    lastUid: stored.lastUid,
    highestModseq: text(stored.highestModseq),
    since: text(stored.since),
    comparedAt: text(stored.comparedAt),
    serial: typeof stored.serial === 'number' ? stored.serial : 0,
  };
};

/** The beginning of a folder under a UIDVALIDITY. */
export const startOf = (uidValidity: string, since: string | null, serial = 0): FolderPosition => ({
  uidValidity,
  lastUid: 0,
  highestModseq: null,
  since,
  comparedAt: null,
  serial,
});

/** Whether STATUS says that there may be mail above the position. */
export const hasMore = (position: FolderPosition | null, status: FolderStatus): boolean => {
  if (!position) return true;
  if (status.uidValidity !== undefined && status.uidValidity !== position.uidValidity) return true;
  // a server that tells no UIDNEXT is searched every time: that is one command
  return status.uidNext === undefined || status.uidNext > position.lastUid + 1;
};

/** Whether all UIDs are to be compared: for the first time, after `interval` ms, or because `since` or the clock was changed. */
export const compareDue = (position: FolderPosition, since: string | null, interval: number): boolean => {
  if (position.comparedAt === null || position.since !== since) return true;
  const passed = Date.now() - Date.parse(position.comparedAt);
  // set back, a clock would put the comparison off until it has caught up
  return !(passed >= 0 && passed < interval);
};
