import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { atEnd } from './closers.ts';
import { certificate, configuration, introspection, type Owner, owner } from './dovecot-config.ts';
import { makeMaildirs } from './maildir.ts';
import { locate } from './needs.ts';

const run = promisify(execFile);

export interface DovecotOptions {
  /** names, or names with passwords (default `secret-NAME`); a name may be an address */
  users: readonly (string | { user: string; password: string })[];
  /** STARTTLS and implicit TLS with a certificate of our own; default true */
  tls?: boolean;
  /** XOAUTH2 and OAUTHBEARER: GET this address with `TOKEN&client_id=&client_secret=` appended; answers 200 and JSON `{username, active: 'true' or 'false'}` */
  introspectionUrl?: string;
  /** further lines of dovecot.conf */
  extra?: string;
}

export interface DovecotUser {
  user: string;
  password: string;
  /** the user's Maildir++ folder; INBOX is the folder itself, `Work/2024` is `.Work.2024` */
  maildir: string;
}

const freePort = () =>
  new Promise<number>((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

const answers = (port: number) =>
  new Promise<boolean>(resolve => {
    const socket = connect(port, '127.0.0.1');
    socket.setTimeout(1000, () => socket.destroy());
    socket.once('data', () => socket.destroy(resolve(true) as undefined));
    socket.once('error', () => resolve(false)).once('close', () => resolve(false));
  });

const launch = async (conf: string, port: number): Promise<ChildProcess> => {
  const child = spawn(locate('dovecot') ?? 'dovecot', ['-F', '-c', conf], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr?.on('data', chunk => {
    said += chunk;
  });
  for (let tries = 0; tries < 200 && child.exitCode === null; tries++) {
    if (await answers(port)) return child;
    await sleep(50);
  }
  child.kill('SIGKILL');
  throw new Error(`dovecot does not answer: ${said}`);
};

const halt = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise(resolve => child.once('exit', resolve));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
  await gone;
  clearTimeout(timer);
};

const prepare = async (who: Owner, users: readonly DovecotUser[], dir: string, tls: boolean): Promise<void> => {
  await chmod(dir, 0o755);
  for (const name of ['mail', 'run', 'state']) await mkdir(join(dir, name));
  for (const { maildir } of users) await makeMaildirs(who).create(maildir);
  const line = ({ user, password }: DovecotUser) => `${user}:{PLAIN}${password}::::::\n`;
  await writeFile(join(dir, 'users'), users.map(line).join(''), { mode: 0o644 });
  if (tls) await certificate(dir);
};

/**
 * Starts a private Dovecot 2.3 on loopback: Maildir storage, plain, STARTTLS and implicit TLS, SPECIAL-USE folders
 * Sent, Drafts, Trash and Junk. Stops by itself at the end of the test run.
 */
export const startDovecot = async ({ users, tls = true, introspectionUrl, extra = '' }: DovecotOptions) => {
  const dir = await mkdtemp(join(tmpdir(), 'tdc-'));
  const who = await owner();
  const all: DovecotUser[] = users.map(each => {
    const user = typeof each === 'string' ? each : each.user;
    const password = typeof each === 'string' ? `secret-${each}` : each.password;
    return { user, password, maildir: join(dir, 'mail', user) };
  });
  await prepare(who, all, dir, tls);
  if (introspectionUrl) await writeFile(join(dir, 'oauth2.conf.ext'), introspection(introspectionUrl));
  const conf = join(dir, 'dovecot.conf');
  let port = 0;
  let tlsPort = 0;
  let child: ChildProcess | undefined;
  for (let tries = 1; !child; tries++) {
    [port, tlsPort] = [await freePort(), await freePort()];
    await writeFile(conf, configuration({ dir, port, tlsPort, tls, owner: who, tokens: !!introspectionUrl, extra }));
    // another process can take a port between the look and the start
    child = await launch(conf, port).catch(error => {
      if (tries === 3) throw error;
      return undefined;
    });
  }
  let running = child;
  const user = (name: string): DovecotUser => {
    const found = all.find(each => each.user === name);
    if (!found) throw new Error(`no such user: ${name}`);
    return found;
  };
  const maildirs = makeMaildirs(who);
  const doveadm = async (...args: string[]): Promise<string> =>
    (await run('doveadm', ['-c', conf, ...args], { maxBuffer: 1 << 28 })).stdout;
  const stop = async () => {
    forget();
    await halt(running);
    await rm(dir, { recursive: true, force: true });
  };
  const forget = atEnd(stop);

  return {
    host: '127.0.0.1',
    port,
    ...(tls && { tlsPort, ca: await readFile(join(dir, 'cert.pem'), 'utf8') }),
    user,
    /** Puts mails into a folder (made when missing) in this order, straight into cur/; `flags` as in Maildir ('S' seen), `at` is INTERNALDATE. */
    deliverAll: (name: string, folder: string, mails: Iterable<Uint8Array>, how: { flags?: string; at?: Date } = {}) =>
      maildirs.deliver(user(name).maildir, folder, mails, how),
    deliver: (name: string, folder: string, bytes: Uint8Array, how: { flags?: string; at?: Date } = {}) =>
      maildirs.deliver(user(name).maildir, folder, [bytes], how),
    /** Gives a folder a new UIDVALIDITY and new UIDs. */
    resetUids: (name: string, folder: string) => maildirs.resetUids(user(name).maildir, folder),
    /** Runs `doveadm ARGS` against this instance and returns its output. */
    doveadm,
    /** Cuts every connection and starts again on the same ports. */
    async restart() {
      await halt(running);
      running = await launch(conf, port);
    },
    /** What Dovecot logged so far. */
    log: () => readFile(join(dir, 'dovecot.log'), 'utf8'),
    stop,
  };
};

export type Dovecot = Awaited<ReturnType<typeof startDovecot>>;
