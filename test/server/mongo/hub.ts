import { startEmbedded } from '../../../server/mongo/embedded.ts';
import { silent } from '../../support/mongod.ts';

/** A hub of its own for the tests: says its address, and leaves when its stdin ends. */
const [dataDir = ''] = process.argv.slice(2);
const embedded = await startEmbedded({ dataDir, log: silent, binary: process.env.MONGOD_BINARY });
process.stdout.write(`${embedded.uri}\n`);
process.stdin.resume().once('end', () => embedded.close());
