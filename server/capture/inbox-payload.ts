import { createHash } from 'node:crypto';
import type { Captured } from '../../connectors/contract.ts';
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
export type InboxPayload = Omit<Captured, 'parts' | 'raw' | 'dispose'> & { parts: StoredFile[]; raw?: StoredFile };

/** Stores an item's bytes and describes it without them. */
export const toPayload = async (
  blobs: BlobStore,
  account: string,
  item: Captured,
): Promise<{ payload: InboxPayload; sha256: string }> => {
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
  const payload = { ...rest, parts: files, ...(original ? { raw: original } : {}) };
  return { payload, sha256: original?.sha256 ?? createHash('sha256').update(JSON.stringify(payload)).digest('hex') };
};

/** The item again; its bytes are read from the blob store when they are wanted. */
export const fromPayload = (blobs: BlobStore, { parts, raw, ...rest }: InboxPayload): Captured => {
  return {
    ...rest,
    parts: parts.map(({ blob, sha256: _, ...part }) => ({ ...part, open: openLater(blobs, blob) })),
    ...(raw ? { raw: { type: raw.type, size: raw.size, sha256: raw.sha256, open: openLater(blobs, raw.blob) } } : {}),
  };
};
