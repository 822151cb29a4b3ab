import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import type { Account, Batch, Captured, Connector, Failed } from '../../../../connectors/contract.ts';
import { makeEmailConnector } from '../../../../connectors/email/index.ts';

/** The connector as the hub has it; an import asks no server. */
export const connector = makeEmailConnector({
  fetch: () => {
    throw new Error('an import asks nobody');
  },
}) as Connector as Connector & Required<Pick<Connector, 'importFile' | 'reparse'>>;

/** A folder for one test, a spool beside it, and the imports account, which has no settings. */
export const makeBench = async () => {
  const top = await mkdtemp(join(tmpdir(), 'talteen-files-'));
  const dir = join(top, 'given');
  const spool = join(top, 'spool');
  await mkdir(dir);
  await mkdir(spool, { mode: 0o700 });
  const account: Account = {
    id: 'imports',
    name: 'imports',
    config: {},
    ours: { addresses: new Set(['tuki@talteen.example']), domains: new Set() },
    spool,
    log: { info: () => undefined, warn: () => undefined },
  };
  return {
    dir,
    spool,
    account,
    write: async (name: string, bytes: string | Uint8Array): Promise<string> => {
      const path = join(dir, name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, bytes, typeof bytes === 'string' ? 'latin1' : undefined);
      return path;
    },
    batches: (path: string, name = basename(path), signal = new AbortController().signal): AsyncIterable<Batch> =>
      connector.importFile(account, { name, path }, signal),
    left: () => readdir(spool),
    remove: () => rm(top, { recursive: true, force: true }),
  };
};

export type Bench = Awaited<ReturnType<typeof makeBench>>;

/** What a core keeps of an item. */
export interface Seen {
  item: Captured;
  raw: Buffer;
}

export const takeAll = async (bench: Bench, path: string, name?: string) => {
  const seen: Seen[] = [];
  const failed: Failed[] = [];
  const positions: string[] = [];
  const sizes: number[] = [];
  for await (const batch of bench.batches(path, name)) {
    for (const item of batch.items)
      seen.push({ item, raw: item.raw ? await buffer(item.raw.open()) : Buffer.alloc(0) });
    for (const item of batch.items) await item.dispose?.();
    failed.push(...batch.failed);
    positions.push(JSON.stringify(batch.next));
    sizes.push(batch.items.length);
  }
  return { seen, failed, positions, sizes, items: seen.map(({ item }) => item) };
};

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

export const mail = (n: number | string, body = `Hei, tämä on ${n}.\n`): string =>
  `From: anna@asiakas.example\nTo: tuki@talteen.example\nSubject: mail ${n}\nMessage-ID: <${n}@asiakas.example>\n\n${body}`;

export const FROM_LINE = 'From anna@asiakas.example Mon Nov 23 10:00:00 2026\n';

/** An mbox with a blank line after each mail. */
export const mbox = (mails: readonly string[], line = FROM_LINE): string =>
  mails.map(each => `${line}${each}\n`).join('');
