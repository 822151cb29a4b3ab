import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type Account, type Captured, ConnectorError, type Raw, type Sighting } from '../contract.ts';
import type { FetchedMail } from './imap/fetch.ts';
import { LARGE } from './imap/fetch.ts';
import type { ReadMails } from './imap/state.ts';

const inMemory = async (raw: Raw): Promise<Uint8Array> => {
  if (raw.bytes) return raw.bytes;
  const chunks: Uint8Array[] = [];
  for await (const chunk of raw.open()) chunks.push(chunk);
  return Buffer.concat(chunks);
};

const onDisk = async (raw: Raw, spool: string): Promise<string> => {
  const path = join(spool, `again-${process.pid}-${randomUUID()}`);
  try {
    await pipeline(raw.open(), createWriteStream(path, { mode: 0o600, flags: 'wx' }));
    return path;
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
};

/** Reads an original again, a large one by way of a spool file. */
export const makeReparse =
  (read: ReadMails) =>
  async (account: Account, raw: Raw, sighting?: Sighting): Promise<Captured> => {
    if (raw.type !== 'message/rfc822') throw new ConnectorError('reject', 'This is a file without mail in it.');
    const uid = sighting?.uid ?? 0;
    const mail: FetchedMail =
      raw.size < LARGE ? { uid, bytes: await inMemory(raw) } : { uid, path: await onDisk(raw, account.spool) };
    const where = { folder: sighting?.folder ?? '', uidValidity: sighting?.uidValidity ?? '', folderIsSent: false };
    const [item] = await read([mail], where, account);
    if (!item) throw new Error('the parser lost a mail');
    const { sighting: _own, ...rest } = item;
    return sighting ? item : rest;
  };
