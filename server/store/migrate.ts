import type { Model } from 'mongoose';
import type { Models } from '../../models/index.ts';
import { searchWords } from '../rules/identity.ts';

export interface Migration {
  /** counts up from 1 without a gap */
  version: number;
  name: string;
  up(models: Models): Promise<void>;
}

/** NamespaceNotFound and IndexNotFound: a new database, one that was killed just here, or another hub was first. */
const NOT_THERE = [26, 27];

const dropIndex = async ({ collection }: Pick<Model<unknown>, 'collection'>, name: string): Promise<void> => {
  await collection.dropIndex(name).catch((error: { code?: number }) => {
    if (!NOT_THERE.includes(error.code ?? 0)) throw error;
  });
};

/** One a release that changes what is stored. A released one is never edited; each may run twice (a start that was killed). */
export const migrations: readonly Migration[] = [
  { version: 1, name: 'first release', up: async () => undefined },
  {
    version: 2,
    name: 'a large blob names its file in GridFS, which had its own id',
    up: async ({ blobs }) => {
      const large = { data: { $exists: false }, file: { $exists: false } };
      await blobs.collection.updateMany(large, [{ $set: { file: '$_id' } }]);
    },
  },
  {
    version: 3,
    name: 'indexes that no query has',
    up: async ({ interactions, history, registerEvents, blobs }) => {
      await dropIndex(interactions, 'externalId_1');
      await dropIndex(history, 'id_1_at_-1');
      await dropIndex(registerEvents, 'account_1_capturedAt_1');
      await dropIndex(blobs, 'owner_1');
    },
  },
  {
    version: 4,
    name: 'contacts are found by an international domain as it is written',
    up: async ({ contacts }) => {
      for await (const { _id, identifiers } of contacts
        .find({ 'identifiers.value': /xn--/ }, { identifiers: 1 })
        .lean())
        await contacts.updateOne({ _id }, { $addToSet: { search: { $each: searchWords({ identifiers }) } } });
    },
  },
];

/**
 * Brings the database to this program's schema version. A database that a newer program wrote is refused, since this one
 * would not know what it must not break.
 */
export const migrate = async (models: Models, list: readonly Migration[] = migrations): Promise<number> => {
  const current = ((await models.meta.findById('schema').lean())?.value as number | undefined) ?? 0;
  const target = list.at(-1)?.version ?? 0;
  if (current > target) {
    throw new Error(`The database has schema version ${current}, this program knows ${target}: start a newer Talteen.`);
  }
  for (const { version, up } of list.filter(migration => migration.version > current)) {
    await up(models);
    await models.meta.updateOne({ _id: 'schema' }, { $max: { value: version } }, { upsert: true });
  }
  return target;
};
