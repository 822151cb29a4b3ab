import { randomBytes } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { makeOnce } from '../store/files.ts';

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
