import { rm } from 'node:fs/promises';
import type { Captured } from '../contract.ts';
import type { FetchedMail } from './imap/fetch.ts';
import type { ReadMails } from './imap/state.ts';
import { toCaptured } from './parse/captured.ts';
import type { MailPool } from './parse/pool.ts';
import type { MailSource } from './parse/types.ts';

const sourceOf = ({ bytes, path }: FetchedMail): MailSource =>
  path === undefined ? { bytes: bytes ?? new Uint8Array() } : { path };

/** Fetched mails as items: parsed in worker threads, in their order. A spool file goes when its item is disposed of. */
export const makeReadMails =
  (pool: () => MailPool): ReadMails =>
  (mails, { folder, folderIsSent, uidValidity }, { ours }) => {
    const capturedAt = new Date();
    const one = async (mail: FetchedMail): Promise<Captured> => {
      const { uid, path, internalDate } = mail;
      const source = sourceOf(mail);
      const parsed = await pool().parse(source, { capturedAt, ...(internalDate && { internalDate }) });
      const sighting = { folder, uidValidity, uid };
      const dispose = path === undefined ? undefined : () => rm(path, { force: true });
      return toCaptured(parsed, { source, ours, folderIsSent, sighting, ...(dispose && { dispose }) });
    };
    return Promise.all(mails.map(one));
  };
