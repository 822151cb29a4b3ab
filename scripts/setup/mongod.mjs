import { pathToFileURL } from 'node:url';
import { aptInstall, lacks } from './parts.mjs';
import { at, say } from './tools.mjs';

/** Finds or fetches a mongod, so that the hub's own start is quick; not needed with MONGODB_URI. */
export const findMongod = async () => {
  if (process.env.MONGODB_URI) return;
  const finder = await import(pathToFileURL(at('dist', 'server', 'mongo', 'find.js')));
  const find = () => finder.findMongod({ binary: process.env.MONGOD_BINARY || undefined, progress: say });
  await find().catch(async error => {
    // Debian's python3 comes without pip
    if (!lacks('python3', '-m', 'pip', '--version') || !(await aptInstall(['python3-pip']))) throw error;
    await find();
  });
};
