// Makes a clone ready for a command (DESIGN 10): packages, compiled code, mongod, and for tests Dovecot and Chromium.
// Plain JavaScript without dependencies, since it runs before there are any. It writes to stderr only: stdout belongs to the hub.
// Usage: node scripts/setup.mjs [start|test|check], default start.
import { existsSync } from 'node:fs';
import { build } from './setup/build.mjs';
import { withLock } from './setup/lock.mjs';
import { findMongod } from './setup/mongod.mjs';
import { installPackages } from './setup/packages.mjs';
import { installParts } from './setup/parts.mjs';
import { at, say } from './setup/tools.mjs';

const steps = {
  start: [installPackages, build, findMongod],
  test: [installPackages, build, installParts, findMongod],
  check: [installPackages],
};

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const wanted = process.argv[2] ?? 'start';

const main = async () => {
  if (major < 20 || (major === 20 && minor < 19))
    throw new Error(`Node ${process.versions.node} is too old: 20.19 or newer is needed.`);
  if (!Object.hasOwn(steps, wanted)) throw new Error(`Not a set-up: ${wanted} (${Object.keys(steps).join(', ')})`);
  if (existsSync('.env')) process.loadEnvFile('.env');
  await withLock(at('.cache', 'setup.lock'), async () => {
    for (const step of steps[wanted]) await step();
  });
};

main().catch(error => {
  say(error.message);
  process.exitCode = 1;
});
