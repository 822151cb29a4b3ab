import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { mongo } from 'mongoose';
import type { Captured, Failed, Part, Raw } from '../../connectors/contract.ts';
import { blobId } from '../rules/keys.ts';
import { type BlobStore, type NewBlob, openLater } from '../store/blobs.ts';
import { digestBytes, digestStream } from '../store/digest.ts';
import type { Prepared } from './types.ts';

/** A file up to so many bytes waits in the inbox's row itself: one write less before the acknowledgement. */
const SMALL_FILE = 64 * 1024;
/** Text, html and headers of more characters than this wait as a blob: a row has its bounds. */
const LONGEST_WORDS = 512 * 1024;

interface StoredFile {
  blob: string;
  sha256: string;
  size: number;
  type: string;
  name?: string;
  inline?: boolean;
  cid?: string;
  /** a small file's bytes; a larger one lies in the blob store already */
  data?: Buffer | mongo.Binary;
}

/** An item as it waits in the inbox: its bytes lie in the blob store already, where its interaction will look for them, or with it. */
export type StoredItem = Omit<Captured, 'parts' | 'raw' | 'dispose'> & {
  parts: StoredFile[];
  raw?: StoredFile;
  /** blob of long text, html and headers, as JSON */
  words?: string;
};

export type StoredFailure = Omit<Failed, 'raw'> & { raw?: StoredFile };
export type Payload = { item: StoredItem } | { failed: StoredFailure };

const contentHash = (payload: object): string => createHash('sha256').update(JSON.stringify(payload)).digest('hex');

const isSmall = ({ size }: { size: number }): boolean => size <= SMALL_FILE;

const readAll = async (open: () => Readable): Promise<Buffer> => Buffer.concat(await open().toArray());

/** A file's bytes, where they are to wait in the row. */
const dataOf = async ({ bytes, open, size }: Pick<Raw, 'bytes' | 'open' | 'size'>): Promise<{ data?: Buffer }> => {
  if (!isSmall({ size })) return {};
  return { data: bytes ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) : await readAll(open) };
};

const partFile = async (owner: string, { open, ...part }: Part): Promise<StoredFile> => {
  const { sha256, length } = await digestStream(open());
  const file = { ...part, size: length, sha256, blob: blobId(owner, sha256) };
  return { ...file, ...(await dataOf({ open, size: length })) };
};

const rawFile = async (owner: string, { type, size, sha256, ...bytes }: Raw): Promise<StoredFile> => ({
  type,
  size,
  sha256,
  blob: blobId(owner, sha256),
  ...(await dataOf({ ...bytes, size })),
});

const withoutData = ({ data: _, ...file }: StoredFile): StoredFile => file;

const omit = <From extends object, Name extends keyof From>(from: From, ...names: Name[]): Omit<From, Name> => {
  const rest = { ...from };
  for (const name of names) delete rest[name];
  return rest;
};

type Words = Pick<Captured, 'text' | 'html' | 'headers'>;

/** Words that are too long for a row, as a blob. */
const longWords = (owner: string, { text, html, headers }: Words): NewBlob[] => {
  if ((text?.length ?? 0) + (html?.length ?? 0) + (headers?.length ?? 0) <= LONGEST_WORDS) return [];
  const bytes = Buffer.from(JSON.stringify({ text, html, headers }));
  return [{ owner, ...digestBytes(bytes), bytes, open: () => Readable.from([bytes]) }];
};

/** Stores an item's large files under their owner, the interaction that it is or belongs to, and describes it with the small ones. */
export const toPayload = async (
  blobs: BlobStore,
  owner: string,
  item: Captured,
): Promise<{ payload: Payload; sha256: string }> => {
  const { parts, raw, dispose: _, ...all } = item;
  const [words] = longWords(owner, all);
  const rest = words ? { ...omit(all, 'text', 'html', 'headers'), words: blobId(owner, words.sha256) } : all;
  const files: StoredFile[] = [];
  for (const part of parts) files.push(await partFile(owner, part));
  const original = raw && (await rawFile(owner, raw));
  const large: NewBlob[] = parts.flatMap(({ open }, index) => {
    const { sha256 = '', size = 0 } = files[index] ?? {};
    return isSmall({ size }) ? [] : [{ owner, sha256, length: size, open }];
  });
  if (raw && !isSmall(raw)) large.push({ owner, length: raw.size, ...raw });
  if (words) large.push(words);
  if (large.length > 0) await blobs.write(large);
  const payload = { item: { ...rest, parts: files, ...(original ? { raw: original } : {}) } };
  return { payload, sha256: original?.sha256 ?? contentHash({ ...rest, parts: files.map(withoutData) }) };
};

/** An item whose bytes are stored already. */
export const payloadOf = ({
  item,
  parts,
  original,
}: Pick<Prepared, 'item' | 'parts' | 'original'>): { payload: Payload; sha256: string } => {
  const files = parts.flatMap(({ blob, ...part }) => (blob ? [{ ...omit(part, 'n'), blob, sha256: '' }] : []));
  const stored = { ...omit(item, 'parts', 'raw', 'dispose'), parts: files, ...(original ? { raw: original } : {}) };
  return { payload: { item: stored }, sha256: original?.sha256 ?? contentHash(stored) };
};

/** Stores the bytes of what can't be read, under the quarantine row that it will be. */
export const failedPayload = async (
  blobs: BlobStore,
  owner: string,
  { raw, ...rest }: Failed,
): Promise<{ payload: Payload; sha256: string }> => {
  if (!raw) return { payload: { failed: rest }, sha256: contentHash(rest) };
  if (!isSmall(raw)) await blobs.write([{ owner, length: raw.size, ...raw }]);
  return { payload: { failed: { ...rest, raw: await rawFile(owner, raw) } }, sha256: raw.sha256 };
};

const bytesOf = (data: Buffer | mongo.Binary): Uint8Array => (Buffer.isBuffer(data) ? data : data.value());

const opened = (blobs: BlobStore, { blob, data }: StoredFile): (() => Readable) =>
  data ? () => Readable.from([Buffer.from(bytesOf(data))]) : openLater(blobs, blob);

const rawAgain = (blobs: BlobStore, file: StoredFile): Raw => {
  const { type, size, sha256, data } = file;
  return { type, size, sha256, open: opened(blobs, file), ...(data ? { bytes: bytesOf(data) } : {}) };
};

export const failedFrom = (blobs: BlobStore, { raw, ...rest }: StoredFailure): Failed => ({
  ...rest,
  ...(raw ? { raw: rawAgain(blobs, raw) } : {}),
});

const wordsAgain = async (blobs: BlobStore, words: string): Promise<Words> =>
  JSON.parse(Buffer.concat(await openLater(blobs, words)().toArray()).toString()) as Words;

/** The item again; files that didn't wait with it are read from the blob store when they are wanted. */
export const fromPayload = async (blobs: BlobStore, { parts, raw, words, ...rest }: StoredItem): Promise<Captured> => ({
  ...rest,
  ...(words ? await wordsAgain(blobs, words) : {}),
  parts: parts.map(({ blob, sha256, data, ...part }) => ({
    ...part,
    open: opened(blobs, { ...part, blob, sha256, ...(data ? { data } : {}) }),
  })),
  ...(raw ? { raw: rawAgain(blobs, raw) } : {}),
});
