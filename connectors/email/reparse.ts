import { type Account, type Captured, ConnectorError, type Raw, type Sighting } from '../contract.ts';
import type { FetchedMail } from './imap/fetch.ts';
import type { ReadMails } from './imap/state.ts';
import { readBeside } from './parse/captured.ts';
import { LARGE, spoolFile } from './spool.ts';

const inMemory = async (raw: Raw): Promise<Uint8Array> => {
  if (raw.bytes) return raw.bytes;
  const chunks: Uint8Array[] = [];
  for await (const chunk of raw.open()) chunks.push(chunk);
  return Buffer.concat(chunks);
};

const onDisk = (raw: Raw, spool: string): Promise<string> =>
  spoolFile(spool, async file => {
    for await (const chunk of raw.open()) await file.writeFile(chunk);
  });

const AS_A_WHOLE =
  'A file is read as a whole, nothing of it by itself: hand it in again, once what is wrong with it is mended.';

/** `Connector.reparse`: reads an original again, a large one through a spool file. Throws ConnectorError ('reject') for anything but a mail. */
export const makeReparse =
  (read: ReadMails) =>
  async (account: Account, raw: Raw, sighting?: Sighting, beside?: Record<string, unknown>): Promise<Captured> => {
    if (raw.type !== 'message/rfc822') throw new ConnectorError('reject', AS_A_WHOLE);
    const uid = sighting?.uid ?? 0;
    const { folderIsSent, receivedAt } = readBeside(beside);
    const mail: FetchedMail = {
      uid,
      ...(receivedAt && { internalDate: receivedAt }),
      ...(raw.size < LARGE ? { bytes: await inMemory(raw) } : { path: await onDisk(raw, account.spool) }),
    };
    const where = { folder: sighting?.folder ?? '', uidValidity: sighting?.uidValidity ?? '', folderIsSent };
    const [item] = await read([mail], where, account);
    if (!item) throw new Error('the parser lost a mail');
    const { sighting: _own, ...rest } = item;
    return sighting ? item : rest;
  };
