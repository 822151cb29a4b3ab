import { Readable } from 'node:stream';
import type { Batch, Captured, Connector, Failed, Part, Raw } from '../../connectors/contract.ts';
import type { ContentDoc } from '../../models/contents.ts';
import type { StoredOriginal, StoredPart } from '../../models/interactions.ts';
import { cut } from '../rules/cut.ts';
import { blobId, itemId, locatorOf, quarantineId, standInId, targetId, threadKey } from '../rules/keys.ts';
import type { NewBlob } from '../store/blobs.ts';
import { digestBytes, digestStream } from '../store/digest.ts';
import { readdressed } from './readdress.ts';
import type { CaptureDeps, Prepared, PreparedBatch, PreparedFailure } from './types.ts';

/** Text, html and headers above this many bytes together go to a blob. */
const CONTENT_LIMIT = 1024 * 1024;
/** What `contents` keeps of each then, in characters. */
const CONTENT_HEAD = 256 * 1024;

const originalOf = (owner: string, raw: Raw): { original: StoredOriginal; blob: NewBlob } => {
  const { sha256, size, type } = raw;
  return {
    original: { blob: blobId(owner, sha256), type, size, sha256 },
    blob: { owner, sha256, length: size, open: raw.open, ...(raw.bytes ? { bytes: raw.bytes } : {}) },
  };
};

const contentOf = (id: string, { text, html, headers }: Captured): [ContentDoc, NewBlob[]] => {
  const whole = { ...(text ? { text } : {}), ...(html ? { html } : {}), ...(headers ? { headers } : {}) };
  const characters = (text?.length ?? 0) + (html?.length ?? 0) + (headers?.length ?? 0);
  if (characters <= CONTENT_LIMIT / 3) return [{ _id: id, ...whole }, []];
  const bytes = Buffer.from(JSON.stringify(whole));
  if (bytes.length <= CONTENT_LIMIT) return [{ _id: id, ...whole }, []];
  const { sha256 } = digestBytes(bytes);
  const head = Object.fromEntries(Object.entries(whole).map(([field, value]) => [field, cut(value, CONTENT_HEAD)]));
  const blob = { owner: id, sha256, length: bytes.length, bytes, open: () => Readable.from([bytes]) };
  return [{ _id: id, ...head, overflow: blobId(id, sha256) }, [blob]];
};

const describe = (part: Part, index: number): StoredPart => ({
  n: index + 1,
  ...(part.name ? { name: part.name } : {}),
  type: part.type,
  size: part.size,
  inline: part.inline ?? false,
  ...(part.cid ? { cid: part.cid } : {}),
});

const evidenceOf = ([part]: readonly StoredPart[], [blob]: readonly NewBlob[]): StoredOriginal | undefined =>
  part?.blob && blob ? { blob: part.blob, type: part.type, size: blob.length, sha256: blob.sha256 } : undefined;

/** A part that is no slice of the original is a blob of its own. */
const partBlobs = async (owner: string, parts: readonly Part[]): Promise<[StoredPart[], NewBlob[]]> => {
  const blobs: NewBlob[] = [];
  const stored: StoredPart[] = [];
  for (const [index, part] of parts.entries()) {
    const { sha256, length } = await digestStream(part.open());
    blobs.push({ owner, sha256, length, open: part.open });
    stored.push({ ...describe(part, index), size: length, blob: blobId(owner, sha256) });
  }
  return [stored, blobs];
};

/** What a batch needs before its transaction: ids, what is stored of each item, and all bytes written. */
export const makePrepare = ({ blobs, models }: Pick<CaptureDeps, 'blobs' | 'models'>) => {
  const prepareItem = async (account: string, connector: Connector, item: Captured): Promise<[Prepared, NewBlob[]]> => {
    const id = itemId(account, item);
    // what is added to an interaction goes with it, and so do its bytes
    const target = targetId(account, item);
    const raw = item.raw ? originalOf(target, item.raw) : undefined;
    const [content, overflow] = contentOf(target, item);
    const sliced = item.raw && connector.openPart && id === target;
    const [parts, own] = sliced ? [item.parts.map(describe), []] : await partBlobs(target, item.parts);
    const threadKeys = {
      strong: item.threadKeys.map(threadKey),
      lastResort: (item.lastResortThreadKeys ?? []).map(threadKey),
    };
    const evidence = raw?.original ?? evidenceOf(parts, own);
    const prepared = {
      id,
      target,
      item,
      threadKeys,
      parts,
      content,
      ...(item.media ? { mediaId: itemId(account, { ...item, sourceKey: item.media.key }) } : {}),
      ...(item.standsFor ? { standsFor: standInId(account, item.standsFor) } : {}),
      ...(raw ? { original: raw.original } : {}),
      ...(evidence ? { evidence } : {}),
    };
    return [prepared, [...(raw ? [raw.blob] : []), ...overflow, ...own]];
  };

  const prepareFailure = (account: string, failed: Failed): [PreparedFailure, NewBlob[]] => {
    const id = quarantineId(account, failed.sighting ? locatorOf(failed.sighting) : failed.locator);
    if (!failed.raw) return [{ id, failed }, []];
    const { original, blob } = originalOf(id, failed.raw);
    return [{ id, failed, original }, [blob]];
  };

  /** Writes all bytes of a batch as blobs, so that its transaction holds only small documents. May run for several batches at once. */
  return async (account: string, connector: Connector, batch: Batch): Promise<PreparedBatch> => {
    const items: Prepared[] = [];
    const toWrite: NewBlob[] = [];
    for (const item of await readdressed(models, account, batch.items)) {
      const [prepared, needed] = await prepareItem(account, connector, item);
      items.push(prepared);
      toWrite.push(...needed);
    }
    const failures = batch.failed.map(failed => {
      const [failure, needed] = prepareFailure(account, failed);
      toWrite.push(...needed);
      return failure;
    });
    await blobs.write(toWrite);
    return { batch, items, failures };
  };
};
