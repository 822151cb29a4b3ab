import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { generateMails } from '../../samples/index.ts';
import { startDovecot } from '../support/dovecot.ts';

const USER = 'tuki@varaamo.example';
const COPIES = 'Archive';
const NOW = new Date('2026-11-20T10:00:00Z');

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** One mail as the mailbox holds it on disk. */
export interface Held {
  folder: string;
  uidValidity: string;
  uid: number;
  sha256: string;
}

const folderOf = (name: string): string => (name.startsWith('.') ? name.slice(1).replaceAll('.', '/') : 'INBOX');

/** UIDs by file name without flags, as Dovecot keeps them (dovecot-uidlist, version 3). */
const readUids = (text: string): { uidValidity: string; uids: Map<string, number> } => {
  const [head = '', ...lines] = text.trimEnd().split('\n');
  const uids = new Map<string, number>();
  for (const line of lines) {
    const [, uid, name] = /^(\d+) .*?:(.+)$/.exec(line) ?? [];
    if (uid && name) uids.set(name.replace(/:2,.*$/, ''), Number(uid));
  }
  return { uidValidity: /\bV(\d+)/.exec(head)?.[1] ?? '', uids };
};

const heldIn = async (path: string, folder: string): Promise<Held[]> => {
  const list = await readFile(join(path, 'dovecot-uidlist'), 'utf8').catch(() => '');
  const { uidValidity, uids } = readUids(list);
  const files = await Promise.all(
    ['cur', 'new'].map(async place => (await readdir(join(path, place))).map(name => join(place, name))),
  );
  const held: Held[] = [];
  for (const file of files.flat()) {
    const uid = uids.get(basename(file).replace(/:2,.*$/, '')) ?? 0;
    held.push({ folder, uidValidity, uid, sha256: sha256(await readFile(join(path, file))) });
  }
  return held;
};

/** A mail that is to come in. */
export interface Incoming {
  folder: string;
  raw: Uint8Array;
  date: Date;
}

/** Support mails of samples/, in order of arrival. */
export const supportMails = (of: { count: number; seed: number; meanBytes?: number }): Iterable<Incoming> =>
  generateMails({ ...of, now: NOW });

/** A mailbox on a private Dovecot and the mails that come into it, every `copyEvery`th also as a copy in a third folder (0: none). */
export const makeMailbox = async (mails: Iterable<Incoming>, { copyEvery = 0 } = {}) => {
  const dovecot = await startDovecot({ users: [USER], tls: false });
  const { password, maildir } = dovecot.user(USER);
  const source = mails[Symbol.iterator]();
  const delivered = { mails: 0, bytes: 0 };

  /** The next `count` mails come in (all that are left, by default). */
  const deliver = async (count = Number.POSITIVE_INFINITY): Promise<void> => {
    for (let n = 0; n < count; n++) {
      const next = source.next();
      if (next.done) return;
      const { folder, raw, date } = next.value;
      await dovecot.deliver(USER, folder, raw, { at: date });
      delivered.mails++;
      delivered.bytes += raw.length;
      if (copyEvery > 0 && delivered.mails % copyEvery === 0) await dovecot.deliver(USER, COPIES, raw, { at: date });
    }
  };

  const heldNow = async (): Promise<Held[]> => {
    await dovecot.doveadm('mailbox', 'status', '-u', USER, 'messages', '*');
    const folders = (await readdir(maildir, { withFileTypes: true })).filter(
      entry => entry.isDirectory() && entry.name.startsWith('.'),
    );
    const all = [await heldIn(maildir, 'INBOX')];
    for (const { name } of folders) all.push(await heldIn(join(maildir, name), folderOf(name)));
    return all.flat();
  };

  /** All that it holds, from the files themselves. Dovecot is asked first, until it has given each its UID. */
  const held = async (): Promise<Held[]> => {
    for (let tries = 1; ; tries++) {
      const all = await heldNow();
      if (tries === 20 || all.every(({ uid }) => uid > 0)) return all;
      await sleep(100);
    }
  };

  return {
    dovecot,
    deliver,
    held,
    delivered,
    user: USER,
    password,
    /** body of POST /accounts */
    account: ({ name = 'support', port = dovecot.port } = {}) => ({
      connector: 'email',
      name,
      config: { host: dovecot.host, port, security: 'none', user: USER, password },
    }),
    stop: () => dovecot.stop(),
  };
};

export type Mailbox = Awaited<ReturnType<typeof makeMailbox>>;
