import { createHash } from 'node:crypto';
import type { Captured, Failed } from '../../connectors/contract.ts';
import { blobId, itemId } from '../rules/keys.ts';
import { type BlobStore, type NewBlob, openLater } from '../store/blobs.ts';
import { digestStream } from '../store/digest.ts';

interface StoredFile {
  blob: string;
  sha256: string;
  size: number;
  type: string;
  name?: string;
  inline?: boolean;
  cid?: string;
}

/** An item as it waits in the inbox: its bytes lie in the blob store already, where its interaction will look for them. */
export type StoredItem = Omit<Captured, 'parts' | 'raw' | 'dispose'> & { parts: StoredFile[]; raw?: StoredFile };

export type StoredFailure = Omit<Failed, 'raw'> & { raw?: StoredFile };
export type Payload = { item: StoredItem } | { failed: StoredFailure };

const contentHash = (payload: object): string => createHash('sha256').update(JSON.stringify(payload)).digest('hex');

/** Stores an item's bytes and describes it without them. */
export const toPayload = async (
  blobs: BlobStore,
  account: string,
  item: Captured,
): Promise<{ payload: Payload; sha256: string }> => {
  const owner = itemId(account, item);
  const { parts, raw, dispose: _, ...rest } = item;
  const toWrite: NewBlob[] = [];
  const files: StoredFile[] = [];
  for (const { open, ...part } of parts) {
    const { sha256, length } = await digestStream(open());
    toWrite.push({ owner, sha256, length, open });
    files.push({ ...part, size: length, sha256, blob: blobId(owner, sha256) });
  }
  if (raw) toWrite.push({ owner, length: raw.size, ...raw });
  await blobs.write(toWrite);
  const original = raw && { type: raw.type, size: raw.size, sha256: raw.sha256, blob: blobId(owner, raw.sha256) };
  const stored = { ...rest, parts: files, ...(original ? { raw: original } : {}) };
  return { payload: { item: stored }, sha256: original?.sha256 ?? contentHash(stored) };
};

/** Stores the bytes of what can't be read, under the quarantine row that it will be. */
export const failedPayload = async (
  blobs: BlobStore,
  owner: string,
  { raw, ...rest }: Failed,
): Promise<{ payload: Payload; sha256: string }> => {
  if (!raw) return { payload: { failed: rest }, sha256: contentHash(rest) };
  await blobs.write([{ owner, length: raw.size, ...raw }]);
  const { type, size, sha256 } = raw;
  return { payload: { failed: { ...rest, raw: { type, size, sha256, blob: blobId(owner, sha256) } } }, sha256 };
};

export const failedFrom = (blobs: BlobStore, { raw, ...rest }: StoredFailure): Failed => ({
  ...rest,
  ...(raw ? { raw: { type: raw.type, size: raw.size, sha256: raw.sha256, open: openLater(blobs, raw.blob) } } : {}),
});

/** The item again; its bytes are read from the blob store when they are wanted. */
export const fromPayload = (blobs: BlobStore, { parts, raw, ...rest }: StoredItem): Captured => {
  return {
    ...rest,
    parts: parts.map(({ blob, sha256: _, ...part }) => ({ ...part, open: openLater(blobs, blob) })),
    ...(raw ? { raw: { type: raw.type, size: raw.size, sha256: raw.sha256, open: openLater(blobs, raw.blob) } } : {}),
  };
};
