import { rm } from 'node:fs/promises';
import type { ImapFlow } from 'imapflow';
import { spoolFile } from '../spool.ts';
import type { FetchedMail } from './fetch.ts';
import { stillThere } from './uids.ts';

/** Bytes a partial FETCH asks for (RFC 3501, section 6.4.5: `BODY.PEEK[]<offset.count>`). */
const CHUNK = 2 ** 20;

const chunkAt = (client: ImapFlow, uid: number, start: number) =>
  client.fetchOne(
    String(uid),
    { uid: true, internalDate: start === 0, size: start === 0, source: { start, maxLength: CHUNK } },
    { uid: true },
  );

/** Fetches one mail into a spool file, 1 MB at a time. Undefined when it was expunged meanwhile. No file is left then, nor when it fails. */
export const spoolMail = async (client: ImapFlow, uid: number, spool: string): Promise<FetchedMail | undefined> => {
  let mail: FetchedMail | undefined;
  const path = await spoolFile(spool, async file => {
    mail = await copy(client, uid, bytes => file.writeFile(bytes));
  });
  if (mail) return { ...mail, path };
  await rm(path, { force: true });
  return undefined;
};

const copy = async (
  client: ImapFlow,
  uid: number,
  write: (bytes: Buffer) => Promise<void>,
): Promise<FetchedMail | undefined> => {
  let mail: FetchedMail | undefined;
  let size = 0;
  let last = 0;
  let nothing = 0;
  for (let at = 0; ; ) {
    const row = await chunkAt(client, uid, at);
    const bytes = row ? row.source : undefined;
    if (!bytes) {
      // after the end some servers answer NIL instead of ""
      if (mail && at >= size) return mail;
      if (mail && ++nothing < 2) continue;
      // some of these count RFC822.SIZE wrongly; but far from that size, or after a full answer, NIL can't be the end
      const isEnd = mail && (last < CHUNK || size - at < CHUNK) && (await isThere(client, uid));
      return isEnd ? mail : notGiven(client, uid);
    }
    nothing = 0;
    last = bytes.length;
    if (at === 0 && row) {
      size = row.size ?? 0;
      mail = { uid, ...(row.internalDate instanceof Date && { internalDate: row.internalDate }) };
    }
    await write(bytes);
    at += bytes.length;
    // a server that ignores partial FETCH has sent all of it
    if (bytes.length > CHUNK) return mail;
    // only an empty answer, or a short one at or after the announced size, is the end
    if (!bytes.length || (bytes.length < CHUNK && at >= size)) return mail;
  }
};

const isThere = async (client: ImapFlow, uid: number): Promise<boolean> => (await stillThere(client, [uid])).length > 0;

const notGiven = async (client: ImapFlow, uid: number): Promise<undefined> => {
  if (await isThere(client, uid))
    throw Object.assign(new Error('no bytes for a mail that is there'), { code: 'NOT_GIVEN' });
  return undefined;
};
