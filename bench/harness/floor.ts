import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startEmbedded } from '../../server/mongo/embedded.ts';
import type { Mailbox } from '../../test/faults/mailbox.ts';
import { atEnd } from '../../test/support/closers.ts';

const run = promisify(execFile);
const PROGRAM = fileURLToPath(new URL('../floor/ingest.mjs', import.meta.url));
const silent = { info: () => undefined, warn: () => undefined };

/** A mongod with the hub's own settings on an empty folder, as the hub's is at its first start. */
export const freshMongod = async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'tbf-'));
  const embedded = await startEmbedded({ dataDir, log: silent, binary: process.env.MONGOD_BINARY });
  const close = async (): Promise<void> => {
    forget();
    await embedded.close();
    await rm(dataDir, { recursive: true, force: true });
  };
  const forget = atEnd(close);
  return { uri: embedded.uri, close };
};

export interface FloorRound {
  mails: number;
  bytes: number;
  seconds: number;
}

/** The plain program (bench/floor/ingest.mjs) on the same mailbox, a process of its own, on an empty MongoDB. */
export const floorRound = async ({ dovecot: { host, port }, user, password }: Mailbox): Promise<FloorRound> => {
  const mongod = await freshMongod();
  const imap = { host, port, user, pass: password, folders: ['INBOX', 'Sent'] };
  const env = { ...process.env, FLOOR_MONGODB: mongod.uri, FLOOR_IMAP: JSON.stringify(imap), NODE_OPTIONS: '' };
  const { stdout } = await run(process.execPath, [PROGRAM], { env });
  await mongod.close();
  return JSON.parse(stdout);
};
