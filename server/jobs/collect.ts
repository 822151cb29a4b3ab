import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { BlobDoc } from '../../models/blobs.ts';
import type { Models } from '../../models/index.ts';
import type { QuarantineDoc } from '../../models/quarantine.ts';
import { trusted } from '../../models/schema.ts';
import type { BlobStore } from '../store/blobs.ts';

const DAY_MS = 24 * 3600_000;
const PAGE = 500;
const MARK = 'blobs-collected-to';
const SWEPT = 'files-swept-to';

type Bytes = Pick<BlobDoc, '_id' | 'owner' | 'at'>;

const ownersThere = async (models: Models, owners: string[]): Promise<Set<string>> => {
  const ids = { _id: trusted({ $in: owners }) };
  const there = [
    ...(await models.interactions.find(ids, { _id: 1 }).lean()),
    ...(await models.registerEvents.find(ids, { _id: 1 }).lean()),
    ...(await models.quarantine.find(ids, { _id: 1 }).lean()),
  ].map(({ _id }) => _id);
  const waiting = await models.inbox.find({ key: trusted({ $in: owners }) }, { key: 1 }).lean();
  return new Set([...there, ...waiting.map(({ key }) => key)]);
};

/** Blobs that quarantine holds although their owner never came: they belong to items that waited in vain for their interaction. */
const heldInQuarantine = async (models: Models, ids: string[]): Promise<Set<string>> => {
  const rows = await models.quarantine
    .find({ 'original.blob': trusted({ $in: ids }) }, { 'original.blob': 1 })
    .lean<Pick<QuarantineDoc, 'original'>[]>();
  return new Set(rows.map(({ original }) => original?.blob ?? ''));
};

const markOf = async (models: Models, name: string): Promise<Date> =>
  ((await models.meta.findById(name).lean())?.value as Date | undefined) ?? new Date(0);

const setMark = (models: Models, name: string, value: Date) =>
  models.meta.updateOne({ _id: name }, { $set: { value } }, { upsert: true });

/** The next blobs by time, and all of the last one's millisecond, since the mark goes past it. */
const pageAfter = async ({ blobs }: Models, from: Date, until: Date): Promise<Bytes[]> => {
  const page = await blobs
    .find({ at: trusted({ $gt: from, $lte: until }) }, { owner: 1, at: 1 })
    .sort({ at: 1 })
    .limit(PAGE)
    .lean<Bytes[]>();
  const last = page.at(-1);
  if (!last || page.length < PAGE) return page;
  const moment = await blobs.find({ at: last.at }, { owner: 1, at: 1 }).lean<Bytes[]>();
  return [...page.filter(({ at }) => at < last.at), ...moment];
};

/**
 * Removes blobs whose owner never came, since the transaction was rolled back or the hub was killed. Each blob is checked once, a day after it was written or
 * last wanted; after that it is deleted with its owner. Answers how many were removed.
 */
export const collectBlobs = async (models: Models, blobs: BlobStore, now = new Date()): Promise<number> => {
  const until = new Date(now.getTime() - DAY_MS);
  let from = await markOf(models, MARK);
  let removed = 0;
  for (;;) {
    const page = await pageAfter(models, from, until);
    const last = page.at(-1);
    if (!last) break;
    const there = await ownersThere(models, [...new Set(page.map(({ owner }) => owner))]);
    const orphans = page.filter(({ owner }) => !there.has(owner)).map(({ _id }) => _id);
    const held = await heldInQuarantine(models, orphans);
    removed += await blobs.remove(
      orphans.filter(id => !held.has(id)),
      until,
    );
    from = last.at;
    await setMark(models, MARK, from);
  }
  return removed;
};

/**
 * Removes files of large blobs that were written before a kill and that no blob names. Each is checked once, a day after it was begun. Answers how many were
 * removed.
 */
export const sweepFiles = async (models: Models, blobs: BlobStore, now = new Date()): Promise<number> => {
  const until = new Date(now.getTime() - DAY_MS);
  const swept = await blobs.sweep(await markOf(models, SWEPT), until);
  await setMark(models, SWEPT, until);
  return swept;
};

/** Removes spool files that a kill left behind: no download takes a day. */
export const clearOldSpool = async (dataDir: string, now = Date.now()): Promise<void> => {
  const root = join(dataDir, 'spool');
  const names = await readdir(root, { recursive: true }).catch(() => []);
  for (const name of names) {
    const path = join(root, name);
    const found = await stat(path).catch(() => null);
    if (found?.isFile() && now - found.mtimeMs > DAY_MS) await rm(path, { force: true });
  }
};
