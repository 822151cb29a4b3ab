import type { Position } from '../../contract.ts';
import type { FolderStatus } from './folders.ts';

/** Where a folder stands. Everything up to `lastUid` is stored, quarantined or confirmed gone. */
export type FolderPosition = {
  uidValidity: string;
  lastUid: number;
  /** HIGHESTMODSEQ as last seen, for the record only; null without CONDSTORE (RFC 7162) */
  highestModseq: string | null;
  /** the account's `since` by which mail was left out */
  since: string | null;
  /** ISO date of the last comparison of all UIDs; null while the first is due */
  comparedAt: string | null;
  /** number of the batch, so that `compare` can wait until exactly this position is stored */
  serial: number;
};

/** Reads a stored position; null when it has another shape. */
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

/** The position at the beginning of a folder, under a new UIDVALIDITY. */
export const startOf = (uidValidity: string, since: string | null, serial = 0): FolderPosition => ({
  uidValidity,
  lastUid: 0,
  highestModseq: null,
  since,
  comparedAt: null,
  serial,
});

/** Whether there may be mail after the position, by STATUS. */
export const hasMore = (position: FolderPosition | null, status: FolderStatus): boolean => {
  if (!position) return true;
  if (status.uidValidity !== undefined && status.uidValidity !== position.uidValidity) return true;
  // a server that gives no UIDNEXT is searched every time: that is one command
  return status.uidNext === undefined || status.uidNext > position.lastUid + 1;
};

/** Whether all UIDs are to be compared: for the first time, after `interval` ms, or because `since` or the system clock was changed. */
export const compareDue = (position: FolderPosition, since: string | null, interval: number): boolean => {
  if (position.comparedAt === null || position.since !== since) return true;
  const passed = Date.now() - Date.parse(position.comparedAt);
  // a clock that was set back would delay the comparison until it has caught up
  return !(passed >= 0 && passed < interval);
};
