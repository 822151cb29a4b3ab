import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const ignoreExisting = (error: NodeJS.ErrnoException): void => {
  if (error.code !== 'EEXIST') throw error;
};

/**
 * A file with one line, mode 0600, unless it is there already. Written whole under another name and then linked: a hub that starts at
 * the same time never reads half of it.
 */
export const makeOnce = async (path: string, line: string): Promise<void> => {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  const file = await open(draft, 'wx', 0o600);
  try {
    await file.writeFile(`${line}\n`);
    await file.sync();
    await link(draft, path).catch(ignoreExisting);
  } finally {
    await file.close();
    await rm(draft, { force: true });
  }
};

/**
 * The secret of a hub that was given none: `secret` in its data folder, made on the first start with mode 0600. Throws when
 * somebody else may read it.
 */
export const readSecretFile = async (dataDir: string): Promise<string> => {
  const path = join(dataDir, 'secret');
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    return null;
  });
  if (!found) await makeOnce(path, randomBytes(32).toString('base64url'));
  else if ((found.mode & 0o077) !== 0) throw new Error(`${path} can be read by others: set its mode to 0600.`);
  const secret = (await readFile(path, 'utf8')).trim();
  if (secret.length < 16) throw new Error(`${path} holds no secret: put it back from a backup.`);
  return secret;
};
