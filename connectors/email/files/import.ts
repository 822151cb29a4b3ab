import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type { Account, Batch, Captured, Failed, ImportFile } from '../../contract.ts';
import { toCaptured } from '../parse/captured.ts';
import type { MailPool } from '../parse/pool.ts';
import type { MailContext, MailSource } from '../parse/types.ts';
import { clearSpool, readAt, spoolSlice, withFile } from './bytes.ts';
import { detect } from './detect.ts';
import { isSentFolder } from './folders.ts';
import { type Found, findMails } from './read.ts';
import { walkFiles } from './walk.ts';

const MAX_MAILS = 100;
/** A mail of this size is streamed, in a batch of its own; others fill a batch up to it. */
const LARGE = 4 * 1024 * 1024;

type Mail = Extract<Found, { start: number }>;
type NoMail = Extract<Found, { reason: string }>;

const sizeOf = ({ start, end }: Mail): number => end - start;

interface Loaded {
  source: MailSource;
  dispose?: () => Promise<void>;
}

/** The bytes of a mail, or the path of a file that holds them and nothing else. */
const load = async (mail: Mail, spool: string): Promise<Loaded> => {
  const { path } = mail.file;
  if (sizeOf(mail) < LARGE)
    return { source: { bytes: await withFile(path, handle => readAt(handle, mail.start, sizeOf(mail))) } };
  if (mail.whole) return { source: { path } };
  const copy = await spoolSlice(path, mail.start, mail.end, spool);
  return { source: { path: copy }, dispose: () => rm(copy, { force: true }) };
};

const readMail = async (mail: Mail, account: Account, pool: MailPool, capturedAt: Date): Promise<Captured> => {
  const { source, dispose } = await load(mail, account.spool);
  const context: MailContext = { capturedAt, ...(mail.date && { fromLineDate: mail.date }) };
  try {
    const parsed = await pool.parse(source, context);
    const sighting = { folder: mail.file.name, uidValidity: '', uid: mail.position };
    return toCaptured(parsed, {
      source,
      ours: account.ours,
      folderIsSent: isSentFolder(mail.folder),
      sighting,
      ...(dispose && { dispose }),
    });
  } catch (error) {
    await dispose?.();
    throw error;
  }
};

const hashOf = async (path: string): Promise<string> => {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
};

/** A file that is no mail goes to quarantine as it is. */
const refuse = async ({ file, reason, size, unreadable }: NoMail): Promise<Failed> => {
  if (unreadable) return { locator: `file:${file.name}`, reason };
  const sha256 = await hashOf(file.path);
  const open = (): Readable => createReadStream(file.path);
  return {
    locator: `file:${file.name}:${sha256}`,
    reason,
    size,
    raw: { type: 'application/octet-stream', size, sha256, open },
  };
};

/** Cuts what is found into groups: 100 mails or 4 MB, a larger mail or a file that is none by itself. The same file is always cut the same. */
async function* groups(found: AsyncIterable<Found>): AsyncGenerator<Found[]> {
  let group: Found[] = [];
  let bytes = 0;
  for await (const one of found) {
    const size = 'start' in one ? sizeOf(one) : LARGE;
    if (group.length > 0 && (group.length >= MAX_MAILS || bytes + size > LARGE)) {
      yield group;
      group = [];
      bytes = 0;
    }
    group.push(one);
    bytes += size;
  }
  if (group.length > 0) yield group;
}

async function* everything(file: ImportFile): AsyncGenerator<Found> {
  for await (const each of walkFiles(file)) yield* findMails(each);
}

const batchOf = async (group: Found[], stream: string, account: Account, pool: MailPool): Promise<Batch> => {
  const capturedAt = new Date();
  const mails = group.filter((one): one is Mail => 'start' in one);
  const others = group.filter((one): one is NoMail => 'reason' in one);
  const items = await Promise.all(mails.map(mail => readMail(mail, account, pool, capturedAt)));
  const failed = await Promise.all(others.map(refuse));
  const last = group.at(-1) as Found;
  return { stream, items, failed, next: { file: last.file.name, position: last.position } };
};

const disposeAll = async (batch: Batch): Promise<void> => {
  for (const item of batch.items) await item.dispose?.();
};

/** One batch is read and parsed while the one before it is stored; one that nobody asks for any more leaves no spool file. */
async function* ahead<In>(inputs: AsyncIterable<In>, work: (input: In) => Promise<Batch>): AsyncGenerator<Batch> {
  let under: Promise<Batch> | undefined;
  try {
    for await (const input of inputs) {
      const before = under;
      under = work(input);
      under.catch(() => {});
      if (before) yield await before;
    }
    const last = under;
    under = undefined;
    if (last) yield await last;
  } finally {
    await under?.then(disposeAll, () => {});
  }
}

/** Whether a file may be mail: everything but what is surely something else. */
export const importsMail = ({ name, head }: { name: string; head: Uint8Array }): boolean =>
  typeof detect(name, head) === 'string';

/** Reads .eml, .emlx, mbox, a Maildir, or a folder of them, in batches whose `next` is the last mail's place. */
export const makeImportFile = (pool: () => MailPool) =>
  async function* importFile(account: Account, file: ImportFile, signal: AbortSignal): AsyncGenerator<Batch> {
    await clearSpool(account.spool);
    const work = (group: Found[]): Promise<Batch> => batchOf(group, file.name, account, pool());
    for await (const batch of ahead(groups(everything(file)), work)) {
      signal.throwIfAborted();
      yield batch;
    }
  };
