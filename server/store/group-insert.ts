import mongoose, { type mongo } from 'mongoose';
import { makeGrouped } from './grouped.ts';
import { isDuplicateKey } from './transaction.ts';

export interface GroupInsertOptions {
  writeConcern: mongo.WriteConcernOptions['writeConcern'];
  /** more documents than this waiting: refused at once, so that memory stays bounded */
  mostWaiting: number;
}

interface WriteError {
  code: number;
  index: number;
}

/** What became of documents: those of neither kind are new. */
export interface Inserted<Doc> {
  /** were there already */
  known: ReadonlySet<Doc>;
  /** can't be written as they are, however often it is tried: why */
  unwritable: ReadonlyMap<Doc, unknown>;
}

/** Indexes of the documents that were there already; throws when anything else went wrong. */
const duplicatesIn = (error: unknown): number[] => {
  const { code, writeErrors = { code, index: 0 } } = error as {
    code?: number;
    writeErrors?: WriteError[] | WriteError;
  };
  const errors = [writeErrors].flat();
  if (![error, ...errors].every(isDuplicateKey)) throw error;
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

/** Why a document can't be written as it is, if it can't. */
const whyNotWritten = (document: object): unknown => {
  try {
    mongoose.mongo.BSON.serialize(document, { ignoreUndefined: true });
    return undefined;
  } catch (error) {
    return error;
  }
};

const unwritableOf = <Doc extends object>(documents: readonly Doc[]): Map<Doc, unknown> =>
  new Map(
    documents.flatMap((document): [Doc, unknown][] => {
      const why = whyNotWritten(document);
      return why === undefined ? [] : [[document, why]];
    }),
  );

/**
 * Inserts documents. Those that were there already are success too; of two alike the first one is new. One that can't be written fails nobody else's: the
 * driver refuses all that are inserted together with it, so they are inserted without it.
 */
export const makeInsertWhatCan =
  <Doc extends { _id: string }>(
    collection: mongo.Collection<Doc>,
    { writeConcern }: Pick<GroupInsertOptions, 'writeConcern'>,
  ) =>
  async (documents: readonly Doc[]): Promise<Inserted<Doc>> => {
    const options = { ordered: false as const, ...(writeConcern ? { writeConcern } : {}) };
    const known = new Set<Doc>();
    const insert = (some: readonly Doc[]): Promise<unknown> =>
      insertAll(collection, [...some] as mongo.OptionalUnlessRequiredId<Doc>[], options).catch(error => {
        for (const index of duplicatesIn(error)) known.add(some[index] as Doc);
      });
    try {
      await insert(documents);
      return { known, unwritable: new Map() };
    } catch (error) {
      const unwritable = unwritableOf(documents);
      if (unwritable.size === 0) throw error;
      const rest = documents.filter(document => !unwritable.has(document));
      if (rest.length > 0) await insert(rest);
      return { known, unwritable };
    }
  };

/** Why one of these can't be written, thrown. */
export const throwIfUnwritable = <Doc>({ unwritable }: Inserted<Doc>, documents: readonly Doc[]): void => {
  for (const document of documents) if (unwritable.has(document)) throw unwritable.get(document);
};

/** As `makeInsertWhatCan`, and answers those that were there already. Throws when one can't be written; the others are by then. */
export const makeInsertNew = <Doc extends { _id: string }>(
  ...given: Parameters<typeof makeInsertWhatCan<Doc>>
): ((documents: readonly Doc[]) => Promise<ReadonlySet<Doc>>) => {
  const insert = makeInsertWhatCan(...given);
  return async documents => {
    const inserted = await insert(documents);
    throwIfUnwritable(inserted, documents);
    return inserted.known;
  };
};

/**
 * Inserts that wait for majority and journal together: what comes while an insert is under way shares the next one, so that many
 * callers don't stand in line for the disk. Resolves once the documents are committed; those that were there already are success too. Rejects with
 * GroupFull, and for whose document can't be written with why.
 */
export const makeGroupInsert = <Doc extends { _id: string }>(
  collection: mongo.Collection<Doc>,
  { writeConcern, mostWaiting }: GroupInsertOptions,
) => {
  const insert = makeInsertWhatCan(collection, { writeConcern });
  const together = makeGrouped((groups: readonly (readonly Doc[])[]) => insert(groups.flat()), {
    sizeOf: documents => documents.length,
    most: mostWaiting,
  });
  return async (documents: readonly Doc[]): Promise<void> => throwIfUnwritable(await together(documents), documents);
};
