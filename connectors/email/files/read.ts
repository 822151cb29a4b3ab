import { open } from 'node:fs/promises';
import type { ImportFile } from '../../contract.ts';
import { readAt, withFile } from './bytes.ts';
import { detect, HEAD, isInMaildir, isMailByName } from './detect.ts';
import { folderOf } from './folders.ts';
import { fromLineDate } from './from-line.ts';
import { firstFromLine, readMbox } from './mbox.ts';

/** A stretch of a file that is one mail, or why a file is none. */
export type Found = {
  file: ImportFile;
  /** byte position by which it is found again */
  position: number;
  /** folder of mail that the path names */
  folder: string;
} & (
  | { start: number; end: number; date?: Date; whole: boolean }
  | { reason: string; size: number; unreadable?: boolean }
);

/** Time of delivery, with which names of a Maildir's files begin. */
const maildirDate = (name: string): Date | undefined => {
  const seconds = isInMaildir(name)
    ? /[\\/](\d{9,10})\./.exec(name.slice(name.search(/[\\/][^\\/]*$/)))?.[1]
    : undefined;
  return seconds ? new Date(Number(seconds) * 1000) : undefined;
};

const firstLine = (head: Buffer): string =>
  head
    .toString('latin1', 0, 1000)
    .replace(/^(?:\xef\xbb\xbf)?[\r\n]*/, '')
    .split(/\r\n|\n|\r/, 1)[0] ?? '';

/** .emlx (Apple Mail): a line with the mail's length, the mail, then a property list. */
const emlxBounds = (head: Buffer, size: number): { start: number; end: number } => {
  const match = /^\s*(\d+)\s*\n/.exec(head.toString('latin1', 0, 100));
  const start = match?.[0].length ?? 0;
  return { start, end: Math.min(size, start + Number(match?.[1] ?? size)) };
};

/** The mails of one file, in their order; a file that can't be read is one that is no mail. */
export async function* findMails(file: ImportFile): AsyncGenerator<Found> {
  try {
    yield* findAll(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EACCES' && code !== 'ENOENT' && code !== 'EPERM') throw error;
    const reason = code === 'ENOENT' ? 'The file is gone.' : 'The file may not be read by the hub.';
    yield { file, position: 0, folder: '', reason, size: 0, unreadable: true };
  }
}

async function* findAll(file: ImportFile): AsyncGenerator<Found> {
  const { head, size } = await withFile(file.path, async (handle, length) => ({
    head: await readAt(handle, 0, HEAD),
    size: length,
  }));
  const kind = detect(file.name, head);
  const folder = folderOf(file.name, kind === 'mbox');
  if (typeof kind === 'object') yield { file, position: 0, folder, reason: kind.reason, size };
  else if (kind === 'mbox') yield* mboxMails(file, folder);
  else if (kind === 'emlx') yield { file, position: 0, folder, whole: false, ...emlxBounds(head, size) };
  else if (kind === 'mail' || isMailByName(file.name)) {
    const date = fromLineDate(firstLine(head)) ?? maildirDate(file.name);
    yield { file, position: 0, folder, start: 0, end: size, whole: true, ...(date && { date }) };
  }
}

async function* mboxMails(file: ImportFile, folder: string): AsyncGenerator<Found> {
  const handle = await open(file.path, 'r');
  try {
    const { size } = await handle.stat();
    for await (const message of readMbox(handle, size, await firstFromLine(handle)))
      yield { file, folder, whole: false, ...message };
  } finally {
    await handle.close();
  }
}
