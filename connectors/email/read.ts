import { rm } from 'node:fs/promises';
import type { Captured } from '../contract.ts';
import type { FetchedMail } from './imap/fetch.ts';
import type { ReadMails } from './imap/state.ts';
import { toCaptured } from './parse/captured.ts';
import type { MailPool } from './parse/pool.ts';
import type { MailSource } from './parse/types.ts';

const sourceOf = ({ bytes, path }: FetchedMail): MailSource =>
  path === undefined ? { bytes: bytes ?? new Uint8Array() } : { path };

/** All items, or none: when a mail can't be read, the spool files of all are removed. */
const allOrNone = async (mails: FetchedMail[], one: (mail: FetchedMail) => Promise<Captured>): Promise<Captured[]> => {
  const all = await Promise.allSettled(mails.map(one));
  const failed = all.find(each => each.status === 'rejected');
  if (!failed) return all.map(each => (each as PromiseFulfilledResult<Captured>).value);
  for (const { path } of mails) if (path !== undefined) await rm(path, { force: true });
  throw failed.reason;
};

/** A function that parses fetched mails in worker threads and answers them as items, in their order. The items own the spool files from then on. */
export const makeReadMails =
  (pool: () => MailPool): ReadMails =>
  (mails, { folder, folderIsSent, uidValidity }, { ours }) => {
    const capturedAt = new Date();
    const one = async (mail: FetchedMail): Promise<Captured> => {
      const { uid, internalDate } = mail;
      const source = sourceOf(mail);
      const parsed = await pool().parse(source, { capturedAt, ...(internalDate && { internalDate }) });
      const sighting = { folder, uidValidity, uid };
      const origin = { source, ours, folderIsSent, sighting };
      return toCaptured(parsed, { ...origin, ...(internalDate && { receivedAt: internalDate }) });
    };
    return allOrNone(mails, one);
  };
