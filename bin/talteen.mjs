#!/usr/bin/env node
// The `talteen` command. In a clone it first sets up what is missing or stale; an installed package comes compiled.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const path = name => fileURLToPath(new URL(name, import.meta.url));
const setup = path('../scripts/setup.mjs');
const main = path('../dist/server/main.js');

const setUp = async () => {
  const child = spawn(process.execPath, [setup, 'start'], { stdio: ['ignore', 2, 2] });
  const forward = signal => child.kill(signal);
  process.on('SIGTERM', forward).on('SIGINT', forward);
  const [code] = await once(child, 'exit');
  process.off('SIGTERM', forward).off('SIGINT', forward);
  return code === 0;
};

if (!existsSync(setup) || (await setUp())) {
  process.argv[1] = main;
  await import(main);
} else process.exitCode = 1;
