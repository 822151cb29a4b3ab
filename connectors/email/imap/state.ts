import type { ImapFlow } from 'imapflow';
import type { Account, Captured, Checkpoints } from '../../contract.ts';
import type { EmailConfig } from './config.ts';
import type { FetchedMail } from './fetch.ts';
import type { Folder } from './folders.ts';
import type { Outlet } from './outlet.ts';
import type { FolderPosition } from './position.ts';
import type { Lock, Permits } from './waiting.ts';

/** The folder from which mails were fetched. */
export interface Where {
  folder: string;
  folderIsSent: boolean;
  uidValidity: string;
}

/** Makes items of fetched mails, in their order. It never fails because of a mail's content. */
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
  /** the position after all that was sent to the outlet */
  position: FolderPosition | null;
  /** one connection at a time brings it up to date */
  lock: Lock;
  /** when we learned of mail that isn't stored yet, Unix milliseconds; null when there is none */
  behindSince: number | null;
  /** UIDs of mails during whose FETCH the connection broke, and how often while fetched alone */
  drops: Map<number, number>;
  /** when the last complete look into it began, Unix milliseconds */
  lookedAt: number;
  /** a STATUS that announced mail, and when it came (Unix milliseconds) */
  suspect?: { key: string; at: number };
  /** it has an IDLE connection of its own, or one is being opened */
  attended?: boolean;
  /** while IDLE is open: makes that connection look into the folder */
  poke?: () => void;
}

/** The account's `since` as a date; null when it has none. */
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
