import mongoose, { type ClientSession } from 'mongoose';

const { mongo } = mongoose;

/** A command is one document, and may have 16 MB (maxBsonObjectSize). */
const MOST_BYTES = 12 * 1024 * 1024;
/** Type, length and an array's index in digits, or the value itself where it has a fixed length. */
const FIELD_BYTES = 24;
/** UTF-8 takes at most that many bytes for a UTF-16 unit. */
const UNIT_BYTES = 3;

/** More than BSON takes for it, at a fraction of what it costs to find out what it takes exactly. */
export const atMost = (value: unknown): number => {
  if (typeof value === 'string') return FIELD_BYTES + value.length * UNIT_BYTES;
  if (typeof value !== 'object' || value === null || value instanceof Date) return FIELD_BYTES;
  if (ArrayBuffer.isView(value)) return FIELD_BYTES + value.byteLength;
  let bytes = FIELD_BYTES;
  for (const key in value) bytes += key.length * UNIT_BYTES + atMost((value as Record<string, unknown>)[key]);
  return bytes;
};

/** In lots that fit into a command each. One that is too large by itself is a lot of its own, which MongoDB refuses. */
const inLots = (documents: readonly object[]): (readonly object[])[] => {
  const lots: object[][] = [[]];
  let bytes = 0;
  for (const document of documents) {
    const more = atMost(document);
    if (bytes > 0 && bytes + more > MOST_BYTES) {
      lots.push([]);
      bytes = 0;
    }
    lots.at(-1)?.push(document);
    bytes += more;
  }
  return lots;
};

type Collection = Pick<mongoose.Collection, 'conn' | 'collectionName'>;

const run = async ({ conn }: Collection, command: object, session: ClientSession): Promise<void> => {
  if (!conn.db) throw new Error('The database is not connected.');
  const { writeErrors = [] } = await conn.db.command(command, { session, ignoreUndefined: true });
  if (writeErrors.length > 0) throw new mongo.MongoServerError(writeErrors[0]);
};

/**
 * Inserts what there is, if anything, in a transaction; throws what MongoDB says of the first that it doesn't take. The driver's own insertMany works
 * out each document's size before it serialises it, which takes longer than the serialising.
 */
export const insert = async (
  collection: Collection,
  documents: readonly object[],
  session: ClientSession,
): Promise<void> => {
  if (documents.length === 0) return;
  for (const lot of inLots(documents))
    await run(collection, { insert: collection.collectionName, documents: lot }, session);
};

/** Updates one document each, in a transaction: `q` finds it, `u` changes it. */
export const update = async (
  collection: Collection,
  updates: readonly { q: object; u: object }[],
  session: ClientSession,
): Promise<void> => {
  if (updates.length === 0) return;
  for (const lot of inLots(updates))
    await run(collection, { update: collection.collectionName, updates: lot, ordered: false }, session);
};
