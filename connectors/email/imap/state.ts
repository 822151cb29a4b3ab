import type { ImapFlow } from 'imapflow';
import type { Account, Captured, Checkpoints } from '../../contract.ts';
import type { EmailConfig } from './config.ts';
import type { FetchedMail } from './fetch.ts';
import type { Folder } from './folders.ts';
import type { Outlet } from './outlet.ts';
import type { FolderPosition } from './position.ts';
import type { Lock, Permits } from './waiting.ts';

export interface Where {
  folder: string;
  folderIsSent: boolean;
  uidValidity: string;
}

/** Makes items of fetched mails, in their order; never fails for a mail, whatever is in it. */
export type ReadMails = (mails: FetchedMail[], where: Where, account: Account) => Promise<Captured[]>;

/** What the connections of one account share. */
export interface Shared {
  account: Account<EmailConfig>;
  checkpoints: Checkpoints;
  outlet: Outlet;
  read: ReadMails;
  /** at most two large mails at once */
  large: Permits;
  signal: AbortSignal;
}

/** A folder as this pull knows it. */
export interface FolderState {
  folder: Folder;
  /** where it stands counting all that was sent to the outlet */
  position: FolderPosition | null;
  /** one connection at a time brings it up to date */
  lock: Lock;
  /** when we learned of mail that isn't stored yet; ms */
  behindSince: number | null;
  /** mails in whose FETCH the connection broke, and how often alone */
  drops: Map<number, number>;
  /** when a look that found everything began; ms */
  lookedAt: number;
  /** STATUS by which there seemed to be more, and when it came */
  suspect?: { key: string; at: number };
  /** a connection of its own is up or on its way */
  attended?: boolean;
  /** an IDLE is open on it: called to have it look itself */
  poke?: () => void;
}

export const sinceOf = ({ since }: EmailConfig): Date | null => (since ? new Date(since) : null);

/** EXAMINE: read-only, so that nothing at the source can change. */
export const examine = async (client: ImapFlow, path: string): Promise<void> => {
  await client.mailboxOpen(path, { readOnly: true });
};

/** UIDVALIDITY and HIGHESTMODSEQ of the open folder. */
export const opened = (client: ImapFlow) => {
  if (!client.mailbox) throw Object.assign(new Error('no folder is open'), { code: 'NoConnection' });
  const { uidValidity, highestModseq } = client.mailbox;
  return {
    uidValidity: String(uidValidity ?? ''),
    highestModseq: highestModseq === undefined ? null : String(highestModseq),
  };
};
