#!/usr/bin/env node
// The `talteen` command. In a clone it first sets up what is missing or stale; an installed package comes compiled.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const path = name => fileURLToPath(new URL(name, import.meta.url));
const setup = path('../scripts/setup.mjs');
const main = path('../dist/server/main.js');

const ready = existsSync(setup)
  ? spawnSync(process.execPath, [setup, 'start'], { stdio: ['ignore', 2, 2] }).status === 0
  : true;
if (ready) {
  process.argv[1] = main;
  await import(main);
} else process.exitCode = 1;
