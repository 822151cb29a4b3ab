import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Account, Batch, Captured, Checkpoints, Failed, Position } from '../../../../connectors/contract.ts';
import { configSchema, type EmailConfig } from '../../../../connectors/email/imap/config.ts';
import type { FetchedMail } from '../../../../connectors/email/imap/fetch.ts';
import type { Times } from '../../../../connectors/email/imap/live.ts';
import { makePull } from '../../../../connectors/email/imap/pull.ts';
import type { ReadMails } from '../../../../connectors/email/imap/state.ts';

/** A small mail of its own for each `n`. */
export const mailOf = (n: number | string, size = 200): Buffer =>
  Buffer.from(
    `From: anna@asiakas.example\r\nTo: tuki@talteen.example\r\nSubject: mail ${n}\r\nMessage-ID: <${n}@asiakas.example>\r\n\r\n${'x'.repeat(size)}\r\n`,
  );

export const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const sha256 = async (mail: FetchedMail): Promise<{ sha256: string; size: number }> => {
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of mail.path ? createReadStream(mail.path) : [mail.bytes as Uint8Array]) {
    hash.update(chunk);
    size += chunk.length;
  }
  return { sha256: hash.digest('hex'), size };
};

/** Reads only what these tests look at: the bytes' hash. */
export const readHashes: ReadMails = (mails, { folder, uidValidity, folderIsSent }) =>
  Promise.all(
    mails.map(async (mail): Promise<Captured> => {
      const { sha256: hash, size } = await sha256(mail);
      return {
        sourceKey: hash,
        kind: 'interaction',
        channel: 'email',
        direction: folderIsSent ? 'outbound' : 'inbound',
        occurredAt: mail.internalDate ?? new Date(0),
        participants: [],
        threadKeys: [],
        parts: [],
        raw: {
          type: 'message/rfc822',
          size,
          sha256: hash,
          ...(mail.bytes && { bytes: mail.bytes }),
          open: () => createReadStream(mail.path ?? ''),
        },
        sighting: { folder, uidValidity, uid: mail.uid },
        dispose: async () => {
          if (mail.path) await rm(mail.path, { force: true });
        },
      };
    }),
  );

/** A core in memory: stores batches in order, keeps positions, sightings and quarantine rows. */
export const makeStore = () => {
  const positions = new Map<string, Position>();
  const items: Captured[] = [];
  const failed: Failed[] = [];
  const counts = new Map<string, { held: number; missing: number }>();
  const batches: Batch[] = [];
  let lag = 0;
  let notice: string | undefined;

  const uidsOf = (stream: string, uidValidity: string) =>
    [...items, ...failed]
      .map(each => each.sighting)
      .filter(sighting => sighting?.folder === stream && sighting.uidValidity === uidValidity)
      .map(sighting => sighting?.uid ?? 0)
      .sort((a, b) => a - b);

  const checkpoints: Checkpoints = {
    get: async stream => positions.get(stream) ?? null,
    async *held(stream, uidValidity, after = 0) {
      for (const uid of uidsOf(stream, uidValidity)) if (uid > after) yield uid;
    },
    compared: async (stream, found) => {
      counts.set(stream, found);
    },
    lag: (seconds, words) => {
      lag = seconds;
      notice = words;
    },
  };

  return {
    positions,
    items,
    failed,
    counts,
    batches,
    checkpoints,
    lag: () => lag,
    notice: () => notice,
    uidsOf,
    /** forgets an item, as if it had been lost */
    lose: (uid: number) =>
      items.splice(
        items.findIndex(item => item.sighting?.uid === uid),
        1,
      ),
    async store(batch: Batch) {
      batches.push(batch);
      items.push(...batch.items);
      failed.push(...batch.failed);
      positions.set(batch.stream, structuredClone(batch.next));
      for (const item of batch.items) await item.dispose?.();
    },
  };
};

export type Store = ReturnType<typeof makeStore>;

export const FAST: Partial<Times> = { status: 500, answer: 1000, retry: 50 };

export const makeAccount = async (config: Record<string, unknown>): Promise<Account<EmailConfig>> => ({
  id: 'test',
  name: 'test',
  config: configSchema.parse(config),
  ours: { addresses: new Set(), domains: new Set() },
  spool: await mkdtemp(join(tmpdir(), 'spool-')),
  log: { info: () => {}, warn: () => {} },
});

export interface Running {
  store: Store;
  account: Account<EmailConfig>;
  /** waits until it holds; fails after `ms` or with what ended the pull */
  until(holds: () => boolean, ms?: number): Promise<void>;
  /** what ended the pull */
  ended: Promise<unknown>;
  stop(): Promise<void>;
}

/** Pulls into a store in memory until stopped. */
export const startPull = async (
  config: Record<string, unknown>,
  { store = makeStore(), times = {}, fetch = globalThis.fetch, read = readHashes } = {} as {
    store?: Store;
    times?: Partial<Times>;
    fetch?: typeof globalThis.fetch;
    read?: ReadMails;
  },
): Promise<Running> => {
  const account = await makeAccount(config);
  const ending = new AbortController();
  let over = false;
  const run = async () => {
    const pull = makePull({ read, fetch, times: { ...FAST, ...times } });
    for await (const batch of pull(account, store.checkpoints, ending.signal)) await store.store(batch);
  };
  const ended = run()
    .catch(error => error)
    .finally(async () => {
      over = true;
      await rm(account.spool, { recursive: true, force: true });
    });
  return {
    store,
    account,
    ended,
    async until(holds, ms = 10_000) {
      for (const end = Date.now() + ms; !holds(); ) {
        if (over) throw await ended;
        if (Date.now() > end) throw new Error('did not come in time');
        await new Promise(resolve => setTimeout(resolve, 5));
      }
    },
    async stop() {
      ending.abort();
      const error = await ended;
      if (error) throw error;
    },
  };
};
