import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type DataDir, makeDataDir } from '../test/faults/data-dir.ts';
import { type Hub, startHub } from '../test/faults/hub.ts';
import { until } from '../test/faults/until.ts';
import { atEnd } from '../test/support/closers.ts';
import { startDovecot } from '../test/support/dovecot.ts';
import { type Bench, sizeOf } from './harness/figure.ts';
import { readSessions, type Session } from './harness/imap-log.ts';

const USER = 'tuki@varaamo.example';
const GOAL_SECONDS = 2;
const LONGEST_MS = 1_200_000;
const SETTLED_MS = 1500;
const SIZE = 2000;
const LINE = 'Siirtäisimme vuoromme keskiviikolle, jos sali on silloin vapaana.';

/** Plain mails of 2 KB, of 400 senders. */
function* smallMails(count: number): Generator<Uint8Array> {
  for (let n = 0; n < count; n++) {
    const date = new Date(Date.UTC(2020, 0, 1) + n * 1_800_000);
    const head = [
      `From: Asiakas ${n % 400} <asiakas${n % 400}@kuusilahti.example>`,
      `To: ${USER}`,
      `Subject: Vuorot ${n}`,
      `Date: ${date.toUTCString().replace('GMT', '+0000')}`,
      `Message-ID: <small-${n}@kuusilahti.example>`,
      'MIME-Version: 1.0',
      'Content-Type: text/plain; charset=utf-8',
      '',
    ];
    const lines = Array.from({ length: Math.round((SIZE - 250) / LINE.length) }, (_, at) => `${LINE} ${n * at}`);
    yield Buffer.from(`${[...head, ...lines].join('\r\n')}\r\n`);
  }
}

/** Where Dovecot, another user, writes what each connection said to it, once that is open to it. */
const makeLogFolder = async () => {
  const path = await mkdtemp(join(tmpdir(), 'tbr-'));
  const remove = async (): Promise<void> => {
    forget();
    await rm(path, { recursive: true, force: true });
  };
  const forget = atEnd(remove);
  return { path, open: () => chmod(path, 0o777), remove };
};

interface Health {
  counts: { stored: number; duplicate: number; quarantined: number };
  folders: { name: string; comparedAt: string | null }[];
}

const healthOf = async (hub: Hub, account: string): Promise<Health> =>
  (await hub.api()).get<Health>(`/accounts/${account}`);

/** The first time: all of it comes in. */
const takeIn = async (data: DataDir, body: object, mails: number) => {
  const hub = await startHub({ dataDir: data.path });
  const began = performance.now();
  const { id } = await (await hub.api()).send<{ id: string }>('POST', '/accounts', body);
  const stored = async () => (await healthOf(hub, id)).counts.stored >= mails;
  await until('the first run', stored, LONGEST_MS, 200);
  const seconds = (performance.now() - began) / 1000;
  const compared = async () => (await healthOf(hub, id)).folders.every(({ comparedAt }) => comparedAt !== null);
  await until('the comparison that ends it', compared, 120_000, 200);
  await hub.stop();
  return { account: id, seconds };
};

/** When the last of the two connections that wait for new mail (INBOX and Sent) began to; undefined before. */
const levelAt = (sessions: Session[]): number | undefined => {
  const waiting = sessions.flatMap(({ commands }) => commands.find(({ name }) => name === 'IDLE') ?? []);
  return waiting.length >= 2 ? Math.max(...waiting.map(({ at }) => at)) : undefined;
};

/** A hub on a mailbox that it has whole: it starts, looks and finds nothing new. Times in seconds. */
const lookAgain = async (dataDir: string, folder: string) => {
  const startedAt = Date.now();
  const hub = await startHub({ dataDir });
  const readyAt = Date.now();
  let sessions: Session[] = [];
  const level = async () => {
    sessions = await readSessions(folder);
    return levelAt(sessions) !== undefined;
  };
  await until('waiting for new mail', level, 60_000);
  await sleep(SETTLED_MS); // what comes late is looked at too
  sessions = await readSessions(folder);
  const signIn = Math.min(...sessions.flatMap(({ commands }) => commands.map(({ at }) => at)));
  const end = levelAt(sessions) ?? Number.NaN;
  return {
    hub,
    sessions,
    fromStart: (end - startedAt) / 1000,
    fromSignIn: (end - signIn) / 1000,
    ready: (readyAt - startedAt) / 1000,
  };
};

/** Throws when anything of a mail was asked for: flags, headers or text. */
const nothingFetched = (sessions: Session[]): number => {
  const fetches = sessions.flatMap(({ commands }) => commands.filter(({ name }) => /^(UID )?FETCH$/.test(name)));
  if (fetches.length > 0) throw new Error(`The second run fetched: ${fetches[0]?.line}`);
  return sessions.reduce((sum, { bytes }) => sum + bytes, 0);
};

/** Both runs. Dovecot writes down what is said to it from the second one on: the first would fill the disk. */
const measure = async (mails: number, say: (line: string) => void) => {
  const log = await makeLogFolder();
  const dovecot = await startDovecot({ users: [USER], tls: false, extra: `rawlog_dir = ${log.path}` });
  await dovecot.deliverAll(USER, 'INBOX', smallMails(mails));
  const { host, port } = dovecot;
  const config = { host, port, security: 'none', user: USER, password: dovecot.user(USER).password };
  const data = await makeDataDir();
  const first = await takeIn(data, { connector: 'email', name: 'support', config }, mails);
  say(`first run: ${(mails / first.seconds).toFixed(0)} mails/s`);
  await log.open();
  const { hub, sessions, ...times } = await lookAgain(data.path, log.path);
  const sent = nothingFetched(sessions);
  const { counts } = await healthOf(hub, first.account);
  if (counts.stored !== mails || counts.duplicate !== 0 || counts.quarantined !== 0)
    throw new Error(`The second run counted: ${JSON.stringify(counts)}`);
  await hub.stop();
  await dovecot.stop();
  await log.remove();
  await data.remove();
  return { ...times, sent, rate: mails / first.seconds };
};

/** A mailbox that was taken in before is looked at again by a hub that starts. */
export const rescan: Bench = async ({ quick, say }) => {
  const mails = sizeOf('BENCH_SMALL_MAILS', quick ? 2000 : 100_000);
  const { fromStart, fromSignIn, ready, sent, rate } = await measure(mails, say);
  return [
    {
      figure: `second run over an unchanged mailbox of ${mails} mails, from the start of the process until all folders are level`,
      floor: '',
      measured:
        `${fromStart.toFixed(2)} s (${fromSignIn.toFixed(2)} s from its first command to the mail server); ` +
        `nothing fetched, ${(sent / 1000).toFixed(1)} kB from the mail server`,
      goal: '< 2 s, nothing fetched',
      met: fromStart < GOAL_SECONDS,
      numbers: { fromStart, fromSignIn, ready, sent, firstRunRate: rate },
    },
  ];
};
