import type { mongo } from 'mongoose';
import { makeGrouped } from './grouped.ts';

export interface GroupInsertOptions {
  writeConcern: mongo.WriteConcernOptions['writeConcern'];
  /** more documents than this waiting: refused at once, so that memory stays bounded */
  mostWaiting: number;
}

interface WriteError {
  code: number;
  index: number;
}

/** Indexes of the documents that were there already; throws when anything else went wrong. */
const duplicatesIn = (error: unknown): number[] => {
  const { code, writeErrors = { code: 11000, index: 0 } } = error as {
    code?: number;
    writeErrors?: WriteError[] | WriteError;
  };
  const errors = [writeErrors].flat();
  if (code !== 11000 || errors.some(one => one.code !== 11000)) throw error;
  return errors.map(({ index }) => index);
};

/** One document goes by the driver's shorter way, a third less of our processor; its error has no list. */
const insertAll = <Doc extends { _id: string }>(
  collection: mongo.Collection<Doc>,
  documents: mongo.OptionalUnlessRequiredId<Doc>[],
  options: mongo.InsertOneOptions & { ordered: false },
): Promise<unknown> =>
  documents.length === 1 && documents[0]
    ? collection.insertOne(documents[0], options)
    : collection.insertMany(documents, options);

/** Inserts documents, and answers those that were there already: success too. Of two alike the first one is new. */
export const makeInsertNew =
  <Doc extends { _id: string }>(
    collection: mongo.Collection<Doc>,
    { writeConcern }: Pick<GroupInsertOptions, 'writeConcern'>,
  ) =>
  async (documents: readonly Doc[]): Promise<Set<Doc>> => {
    const options = { ordered: false as const, ...(writeConcern ? { writeConcern } : {}) };
    const known = new Set<Doc>();
    await insertAll(collection, [...documents] as mongo.OptionalUnlessRequiredId<Doc>[], options).catch(error => {
      for (const index of duplicatesIn(error)) known.add(documents[index] as Doc);
    });
    return known;
  };

/**
 * Inserts that wait for majority and journal together: what comes while an insert is under way shares the next one, so that many
 * callers don't stand in line for the disk. Resolves once the documents are committed; those that were there already are success too. Rejects with GroupFull.
 */
export const makeGroupInsert = <Doc extends { _id: string }>(
  collection: mongo.Collection<Doc>,
  { writeConcern, mostWaiting }: GroupInsertOptions,
) => {
  const insert = makeInsertNew(collection, { writeConcern });
  return makeGrouped((groups: readonly (readonly Doc[])[]) => insert(groups.flat()), {
    sizeOf: documents => documents.length,
    most: mostWaiting,
  });
};
