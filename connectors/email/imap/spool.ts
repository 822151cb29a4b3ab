import { randomUUID } from 'node:crypto';
import { open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImapFlow } from 'imapflow';
import type { FetchedMail } from './fetch.ts';
import { stillThere } from './uids.ts';

/** Bytes a partial FETCH asks for (RFC 3501, section 6.4.5: `BODY.PEEK[]<offset.count>`). */
const CHUNK = 2 ** 20;

const OURS = /^imap-(\d+)-/;

/** Removes what a process that was killed left behind; one account has one puller. */
export const clearSpool = async (spool: string): Promise<void> => {
  for (const name of await readdir(spool)) {
    const pid = OURS.exec(name)?.[1];
    if (pid && Number(pid) !== process.pid) await rm(join(spool, name), { force: true });
  }
};

const chunkAt = (client: ImapFlow, uid: number, start: number) =>
  client.fetchOne(
    String(uid),
    { uid: true, internalDate: start === 0, size: start === 0, source: { start, maxLength: CHUNK } },
    { uid: true },
  );

/**
 * Streams one mail into a new spool file (mode 0600), 1 MB at a time. Undefined when it was expunged meanwhile, the
 * file is removed then, and when anything fails.
 */
export const spoolMail = async (client: ImapFlow, uid: number, spool: string): Promise<FetchedMail | undefined> => {
  const path = join(spool, `imap-${process.pid}-${randomUUID()}`);
  const file = await open(path, 'wx', 0o600);
  let kept: FetchedMail | undefined;
  try {
    kept = await copy(client, uid, path, bytes => file.writeFile(bytes));
    return kept;
  } finally {
    await file.close();
    if (!kept) await rm(path, { force: true });
  }
};

const copy = async (
  client: ImapFlow,
  uid: number,
  path: string,
  write: (bytes: Buffer) => Promise<void>,
): Promise<FetchedMail | undefined> => {
  let mail: FetchedMail | undefined;
  let size = 0;
  for (let at = 0; ; ) {
    const row = await chunkAt(client, uid, at);
    const bytes = row ? row.source : undefined;
    // past the end some servers say NIL instead of ""
    if (!bytes) return mail && at >= size ? mail : notGiven(client, uid);
    if (at === 0 && row) {
      size = row.size ?? 0;
      mail = { uid, path, ...(row.internalDate instanceof Date && { internalDate: row.internalDate }) };
    }
    await write(bytes);
    at += bytes.length;
    // a server that ignores the partial has sent all of it
    if (bytes.length > CHUNK) return mail;
    // only an empty answer, or a short one at or beyond the size told, is the end
    if (!bytes.length || (bytes.length < CHUNK && at >= size)) return mail;
  }
};

const notGiven = async (client: ImapFlow, uid: number): Promise<undefined> => {
  if ((await stillThere(client, [uid])).length)
    throw Object.assign(new Error('no bytes for a mail that is there'), { code: 'NOT_GIVEN' });
  return undefined;
};
