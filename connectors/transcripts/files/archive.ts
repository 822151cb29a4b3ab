import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { openPromise, type Entry as ZipEntry } from 'yauzl';
import { filesUnder, type Unread } from '../../common/files.ts';
import { fileFault, unreadable } from '../../contract.ts';

/** A file in an archive, or beside the chat. `open` may be called any number of times, also after the import has ended. */
export interface Entry {
  /** path inside the archive, with slashes */
  name: string;
  size: number;
  /** where it lies by itself, when it isn't packed */
  path?: string;
  open(): Readable;
}

export interface Archive {
  entries: Entry[];
  /** in words: what of it is left out */
  refused: Unread[];
}

/** A reason in words why nothing of an archive is taken. */
export class ArchiveError extends Error {}

const MOST_ENTRIES = 200_000;
/** WhatsApp sends no larger file. */
const LARGEST = 2 * 2 ** 30;
/** What an archive may unpack to: media hardly shrink, and text not that much. */
const FREE = 256 * 2 ** 20;
const MOST_TIMES = 50;

const OPTIONS = { autoClose: false, decodeStrings: false } as const;
const UTF8_NAME = 0x800;
const ENCRYPTED = 1;

const utf8 = new TextDecoder('utf-8', { fatal: true });

const nameOf = ({ fileName, generalPurposeBitFlag }: ZipEntry): string => {
  const bytes = fileName as unknown as Buffer;
  try {
    return utf8.decode(bytes).normalize('NFC');
  } catch {
    return generalPurposeBitFlag & UTF8_NAME ? bytes.toString('utf8') : bytes.toString('latin1');
  }
};

/** Nothing is written by these names; a name that tries to leave its folder is a sign of something else than an export. */
const isSafe = (name: string): boolean =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the characters that no name has
  !/^[/\\]|^[a-z]:|\\|[\x00-\x1f]/i.test(name) && !name.split('/').includes('..');

async function* bytesOf(path: string, entry: ZipEntry): AsyncGenerator<Buffer> {
  const zip = await openPromise(path, OPTIONS);
  try {
    yield* await zip.openReadStreamPromise(entry);
  } finally {
    zip.close();
  }
}

const refusal = (entry: ZipEntry, name: string): string | null => {
  if (!isSafe(name)) return 'Its name leads out of the archive.';
  if (entry.generalPurposeBitFlag & ENCRYPTED) return 'It is encrypted: unpack it, and hand in what is in it.';
  if (entry.compressionMethod !== 0 && entry.compressionMethod !== 8) return 'It is compressed in an unknown way.';
  return entry.uncompressedSize > LARGEST ? 'It would be larger than 2 GB.' : null;
};

/** Sizes are those that the archive states; what turns out larger when it is read breaks off there. */
const readZip = async (path: string): Promise<Archive> => {
  const { size } = await stat(path);
  const zip = await openPromise(path, OPTIONS);
  const archive: Archive = { entries: [], refused: [] };
  let total = 0;
  try {
    if (zip.entryCount > MOST_ENTRIES) throw new ArchiveError(`It has more than ${MOST_ENTRIES} files.`);
    for await (const entry of zip.eachEntry()) {
      const name = nameOf(entry);
      if (name.endsWith('/') || name.startsWith('__MACOSX/')) continue;
      total += entry.uncompressedSize;
      if (total > FREE + MOST_TIMES * size)
        throw new ArchiveError('It would grow out of all proportion when it is unpacked.');
      const reason = refusal(entry, name);
      if (reason) archive.refused.push({ name, reason });
      else
        archive.entries.push({ name, size: entry.uncompressedSize, open: () => Readable.from(bytesOf(path, entry)) });
    }
    return archive;
  } finally {
    zip.close();
  }
};

/** Throws ArchiveError for what is no zip archive, a broken one, or one that unpacks to far too much. */
export const openZip = async (path: string): Promise<Archive> => {
  try {
    return await readZip(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (error instanceof ArchiveError || code !== undefined) throw error;
    throw new ArchiveError('It is no zip archive, or a broken one.');
  }
};

const sizeOf = async (path: string): Promise<number> => {
  const file = await open(path); // a size isn't kept from whom its bytes are
  try {
    return (await file.stat()).size;
  } finally {
    await file.close();
  }
};

/** One file by itself. */
export const openSingle = (name: string, path: string, size: number): Entry => ({
  name,
  path,
  size,
  open: () => createReadStream(path),
});

/** A folder as if it were an archive. */
export const openFolder = async (path: string): Promise<Archive> => {
  const { files, unread } = await filesUnder(path);
  const archive: Archive = { entries: [], refused: unread };
  for (const { name, path: at } of files) {
    try {
      archive.entries.push(openSingle(name, at, await sizeOf(at)));
    } catch (error) {
      const code = fileFault(error, at);
      if (code === undefined) throw error;
      archive.refused.push({ name, reason: unreadable(code) });
    }
  }
  return archive;
};

/** Why it can't be read as a whole, in words; null when it can. */
export const faultIn = async (entry: Entry): Promise<string | null> => {
  try {
    let size = 0;
    for await (const chunk of entry.open()) size += (chunk as Buffer).length;
    return size === entry.size ? null : 'It is not as long as it should be.';
  } catch (error) {
    const code = fileFault(error);
    if (code) return unreadable(code);
    if ((error as NodeJS.ErrnoException).syscall) throw error;
    return 'It is broken in the archive.';
  }
};

/** All of it in memory. */
export const readWhole = async ({ open }: Entry): Promise<Buffer> => Buffer.concat(await open().toArray());

/** Its first bytes. */
export const headOf = async ({ open }: Entry, length: number): Promise<Buffer> => {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const chunk of open()) {
    pieces.push(chunk as Buffer);
    size += (chunk as Buffer).length;
    if (size >= length) break;
  }
  return Buffer.concat(pieces).subarray(0, length);
};

/** The last part of a path. */
export const baseName = (name: string): string => name.slice(name.lastIndexOf('/') + 1);
