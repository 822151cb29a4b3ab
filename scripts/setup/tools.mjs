import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's folder. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** A path in the project's folder. */
export const at = (...names) => join(root, ...names);

/** One line of progress, on stderr. */
export const say = line => void process.stderr.write(`talteen: ${line}\n`);

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** Runs a program in the project's folder, its output on our stderr; it gets our signals. Throws when it fails. */
export const run = (command, args, env = {}) =>
  new Promise((done, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 2, 2], env: { ...process.env, ...env } });
    const forward = signal => child.kill(signal);
    for (const signal of SIGNALS) process.on(signal, forward);
    child.once('close', () => SIGNALS.map(signal => process.off(signal, forward)));
    child.once('error', error => reject(new Error(`${command}: ${error.message}`)));
    child.once('exit', (code, signal) =>
      code === 0 ? done() : reject(new Error(`${command} ${args.join(' ')} failed (${signal ?? `exit code ${code}`})`)),
    );
  });

/** The text of a file, or undefined. */
export const read = path => readFile(path, 'utf8').catch(() => undefined);

/** All files below a folder, sorted; `skip` is asked by name. */
export const filesIn = async (folder, skip = () => false) => {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const lists = await Promise.all(
    entries
      .filter(entry => !skip(entry.name))
      .map(entry => (entry.isDirectory() ? filesIn(join(folder, entry.name), skip) : [join(folder, entry.name)])),
  );
  return lists.flat().sort();
};

/** SHA-256 over names and contents. */
export const digest = async paths => {
  const hash = createHash('sha256');
  for (const path of paths)
    hash
      .update(`${relative(root, path)}\0`)
      .update(await readFile(path))
      .update('\0');
  return hash.digest('hex');
};
