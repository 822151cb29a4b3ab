import type { mongo } from 'mongoose';

interface Waiting<Doc> {
  documents: readonly Doc[];
  done(): void;
  failed(error: unknown): void;
}

export interface GroupInsertOptions {
  writeConcern: mongo.WriteConcernOptions['writeConcern'];
  /** more documents than this waiting: refused at once, so that memory stays bounded */
  mostWaiting: number;
}

/** Too many documents wait already: the caller answers 503. */
export class GroupInsertFull extends Error {
  constructor() {
    super('Too many documents wait to be written.');
    this.name = 'GroupInsertFull';
  }
}

const onlyDuplicates = (error: unknown): boolean => {
  const { code, writeErrors } = error as { code?: number; writeErrors?: { code: number }[] | { code: number } };
  const errors = writeErrors === undefined ? [] : [writeErrors].flat();
  return code === 11000 && errors.every(one => one.code === 11000);
};

/**
 * Inserts that wait for majority and journal together: what comes while an insert is under way shares the next one, so that many
 * callers don't stand in line for the disk. Resolves once the documents are committed; an `_id` that is there already is success.
 */
export const makeGroupInsert = <Doc extends { _id: string }>(
  collection: mongo.Collection<Doc>,
  { writeConcern, mostWaiting }: GroupInsertOptions,
) => {
  let waiting: Waiting<Doc>[] = [];
  let count = 0;
  let writing = false;

  const insert = async (documents: Doc[]): Promise<void> => {
    const options = { ordered: false, ...(writeConcern ? { writeConcern } : {}) };
    await collection.insertMany(documents as mongo.OptionalUnlessRequiredId<Doc>[], options).catch(error => {
      if (!onlyDuplicates(error)) throw error;
    });
  };

  const flush = async (): Promise<void> => {
    writing = true;
    while (waiting.length > 0) {
      const group = waiting;
      waiting = [];
      count = 0;
      try {
        await insert(group.flatMap(({ documents }) => documents));
        for (const { done } of group) done();
      } catch (error) {
        for (const { failed } of group) failed(error);
      }
    }
    writing = false; // here, not after an await: what came in between would wait for ever
  };

  return (documents: readonly Doc[]): Promise<void> =>
    new Promise((done, failed) => {
      if (count + documents.length > mostWaiting) return failed(new GroupInsertFull());
      count += documents.length;
      waiting.push({ documents, done, failed });
      if (!writing) void flush();
    });
};
