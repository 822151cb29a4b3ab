import type { ImapFlow, ListResponse } from 'imapflow';
import { LEFT_OUT, liesIn } from '../roles.ts';
import type { EmailConfig } from './config.ts';

/** STATUS of a folder (RFC 3501, 6.3.10). */
export interface FolderStatus {
  messages?: number;
  uidNext?: number;
  uidValidity?: string;
}

/** A folder of a mailbox. */
export interface Folder {
  /** decoded name; `INBOX` in capitals */
  path: string;
  sent: boolean;
  /** by SPECIAL-USE (RFC 6154), else by its usual name */
  role?: string;
  pulled: boolean;
  status?: FolderStatus;
}

const STATUS_ITEMS = { messages: true, uidNext: true, uidValidity: true };

const isSelectable = ({ flags }: ListResponse) => !flags.has('\\Noselect') && !flags.has('\\NonExistent');

const roleOf = ({ specialUse, flags }: ListResponse): string | undefined =>
  specialUse ?? [...LEFT_OUT, '\\Sent'].find(role => flags.has(role));

const statusOf = (status: ListResponse['status'] | false): FolderStatus | undefined => {
  if (!status || 'error' in status) return undefined;
  const { messages, uidNext, uidValidity } = status;
  return {
    ...(messages !== undefined && { messages }),
    ...(uidNext !== undefined && { uidNext }),
    ...(uidValidity !== undefined && { uidValidity: String(uidValidity) }),
  };
};

const nameOf = (wanted: string) => (wanted.toUpperCase() === 'INBOX' ? 'INBOX' : wanted);

/** Names of the configured folders that the mailbox doesn't have. */
export const absentOf = ({ folders }: Pick<EmailConfig, 'folders'>, listed: readonly Folder[]): string[] => {
  const there = new Set(listed.map(({ path }) => path));
  return (folders ?? []).filter(wanted => !there.has(nameOf(wanted)));
};

const chooser = (listed: ListResponse[], wanted: readonly string[] | null | undefined) => {
  if (wanted?.length) {
    const names = new Set(wanted.map(nameOf));
    return (entry: ListResponse) => names.has(entry.path);
  }
  const out = listed.filter(entry => LEFT_OUT.includes(roleOf(entry) ?? ''));
  return ({ path }: ListResponse) => !liesIn(path, out);
};

/** Every selectable folder, with its role and whether the account pulls it. */
export const listFolders = async (
  client: ImapFlow,
  { folders }: Pick<EmailConfig, 'folders'>,
  withStatus = false,
): Promise<Folder[]> => {
  const together = withStatus && client.capabilities.has('LIST-STATUS');
  const listed = await client.list(together ? { statusQuery: STATUS_ITEMS } : undefined);
  const chosen = chooser(listed, folders);
  const found = listed.filter(isSelectable).map((entry): Folder => {
    const role = roleOf(entry);
    const status = statusOf(entry.status);
    return {
      path: entry.path,
      sent: role === '\\Sent',
      pulled: chosen(entry),
      ...(role && { role }),
      ...(status && { status }),
    };
  });
  if (withStatus) await addStatus(client, found);
  return found;
};

/** Asks for STATUS folder by folder, where the server has no LIST-STATUS (RFC 5819) or left a folder out of it. */
const addStatus = async (client: ImapFlow, folders: Folder[]): Promise<void> => {
  for (const folder of folders) {
    if (folder.status || !folder.pulled) continue;
    const status = statusOf(await client.status(folder.path, STATUS_ITEMS).catch(refusedStatus));
    if (status) folder.status = status;
  }
};

/** A folder can vanish between LIST and STATUS. */
const refusedStatus = (error: { code?: string; responseStatus?: string }): false => {
  if (error.code === 'NotFound' || error.responseStatus) return false;
  throw error;
};
