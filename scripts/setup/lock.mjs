import { mkdir, open, readFile, rename, stat, unlink, utimes } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { say } from './tools.mjs';

const BEAT = 1000;
const STALE = 20_000;

const isHeld = async path => {
  const [text, file] = await Promise.all([readFile(path, 'utf8'), stat(path)]);
  if (Date.now() - file.mtimeMs > STALE) return false;
  // an owner that has not yet written its pid gets the benefit of the doubt until the file is stale
  if (!text) return true;
  try {
    return process.kill(Number(text), 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
};

const take = async path => {
  const file = await open(path, 'wx').catch(error => {
    if (error.code !== 'EEXIST') throw error;
  });
  if (!file) return false;
  await file.writeFile(String(process.pid));
  await file.close();
  return true;
};

const removeStale = async path => {
  const aside = `${path}.${process.pid}`;
  if (await isHeld(path).catch(() => true)) return;
  await rename(path, aside)
    .then(() => unlink(aside))
    .catch(() => undefined);
};

/** Runs `work` while no other set-up of this clone runs. One that was killed is passed over: its file is no longer touched. */
export const withLock = async (path, work) => {
  await mkdir(dirname(path), { recursive: true });
  for (let tries = 0; !(await take(path)); tries++) {
    if (tries === 5) say('waiting for another set-up of this folder');
    await removeStale(path);
    await sleep(200);
  }
  const beat = setInterval(() => utimes(path, new Date(), new Date()).catch(() => undefined), BEAT);
  try {
    return await work();
  } finally {
    clearInterval(beat);
    await unlink(path).catch(() => undefined);
  }
};
