import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ConnectorError, type ImportFile } from '../../contract.ts';

/** What mail programs keep beside the mail: indexes, lists, notes of their own. */
const BESIDE =
  /^(?:dovecot|maildirfolder$|maildirsize$|courierimap|subscriptions$|\.uid|\.DS_Store$|\.lock|bulletintime$|Thumbs\.db$|desktop\.ini$)|\.(?:msf|lock|index|db-shm|db-wal|emlxpart|plist)$/i;

/** All files that may be mail under a path, in the order of their names; `tmp` of a Maildir holds what isn't delivered yet. */
export async function* walkFiles({ name, path }: ImportFile): AsyncGenerator<ImportFile> {
  const found = await stat(path).catch(() => null);
  if (!found) throw new ConnectorError('stop', `${name} is gone.`);
  if (!found.isDirectory()) {
    yield { name, path };
    return;
  }
  yield* walkFolder({ name, path });
}

async function* walkFolder({ name, path }: ImportFile): AsyncGenerator<ImportFile> {
  const entries = (await readdir(path, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1));
  const isMaildir = entries.some(entry => entry.isDirectory() && entry.name === 'cur');
  for (const entry of entries) {
    const inside = { name: `${name}/${entry.name}`, path: join(path, entry.name) };
    if (entry.isDirectory()) {
      if (!(isMaildir && entry.name === 'tmp')) yield* walkFolder(inside);
    } else if (entry.isFile() && !BESIDE.test(entry.name)) yield inside;
  }
}
