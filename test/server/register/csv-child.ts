import { argv, stdout } from 'node:process';
import { makeRegister } from '../../../server/register/index.ts';
import { loadPolicies } from '../../../server/register/policies.ts';
import { connectStore } from '../../../server/store/connect.ts';
import { DATA_ID, leasesOf } from './support.ts';

/** A process to be killed: imports a CSV file (arguments: connection string, database, path) and prints the import's id. */
const [, , uri = '', dbName = '', path = ''] = argv;
const { models } = await connectStore(uri, { dbName });
const log = { info: () => undefined, warn: () => undefined };
const policies = await loadPolicies(models);
const { imports } = makeRegister({
  models,
  dataId: async () => DATA_ID,
  acquire: await leasesOf(models),
  zone: 'Europe/Helsinki',
  country: 'FI',
  policies,
  log,
});
const { id } = await imports.accept({ who: 'child', file: { name: 'c.csv', path, size: 1 }, uploaded: false });
stdout.write(`${id}\n`);
