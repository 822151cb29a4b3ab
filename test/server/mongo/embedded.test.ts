import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { mongo } from 'mongoose';
import { type Embedded, startEmbedded } from '../../../server/mongo/embedded.ts';
import { findMongod } from '../../../server/mongo/find.ts';
import { mongodOf } from '../../../server/mongo/mongod.ts';
import { silent } from '../../support/mongod.ts';

const binary = process.env.MONGOD_BINARY;
const child = fileURLToPath(new URL('hub.ts', import.meta.url));

const withDb = async <T>(uri: string, work: (db: mongo.Db, client: mongo.MongoClient) => Promise<T>): Promise<T> => {
  const client = new mongo.MongoClient(uri, { serverSelectionTimeoutMS: 10_000 });
  try {
    return await work(client.db('proof'), client);
  } finally {
    await client.close();
  }
};

const write = (uri: string, _id: string) =>
  withDb(uri, db =>
    db.collection<{ _id: string }>('seen').insertOne({ _id }, { writeConcern: { w: 'majority', j: true } }),
  );
const seen = (uri: string) =>
  withDb(uri, async db =>
    (await db.collection<{ _id: string }>('seen').find().sort({ _id: 1 }).toArray()).map(({ _id }) => _id),
  );

const until = async (met: () => Promise<boolean> | boolean, ms = 20_000) => {
  for (const end = Date.now() + ms; !(await met()); await sleep(50))
    if (Date.now() > end) throw new Error('never came true');
};

describe('embedded mongod', () => {
  let root: string;
  const hubs: Embedded[] = [];
  const children: ChildProcess[] = [];

  const start = async (dataDir: string, options: object = {}) => {
    const hub = await startEmbedded({ dataDir, log: silent, binary, ...options });
    hubs.push(hub);
    return hub;
  };

  /** a hub in a process of its own; resolves once it has said its address */
  const startApart = async (dataDir: string) => {
    const hub = spawn(process.execPath, ['--import=tsx', child, dataDir], { stdio: ['pipe', 'pipe', 'inherit'] });
    children.push(hub);
    const [line] = await new Promise<Buffer[]>(resolve => hub.stdout.once('data', (...said) => resolve(said)));
    return { hub, uri: String(line).trim() };
  };

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'tem-'));
  });

  afterEach(async () => {
    for (const each of children.splice(0)) each.kill('SIGKILL');
    for (const hub of hubs.splice(0)) await hub.close();
    await rm(root, { recursive: true, force: true });
  });

  it('runs transactions and change streams on a socket that only its user can reach, and no port', async () => {
    const { uri, pid } = await start(join(root, 'data'));
    await withDb(uri, async (db, client) => {
      await db.createCollection('watched');
      const { operationTime } = await db.command({ ping: 1 });
      const changes = db.collection('watched').watch([], { startAtOperationTime: operationTime });
      await client.withSession(session =>
        session.withTransaction(async () => void (await db.collection('watched').insertOne({ n: 1 }, { session }))),
      );
      expect((await changes.next()).operationType).to.equal('insert');
      await changes.close();
    });
    expect((await stat(join(root, 'data', 'run'))).mode & 0o777).to.equal(0o700);
    const sockets = (await readFile(`/proc/${pid()}/net/tcp`, 'utf8'))
      .split('\n')
      .map(line => line.trim().split(/\s+/)[9]);
    const held = await Promise.all(
      (await readdir(`/proc/${pid()}/fd`)).map(fd =>
        stat(`/proc/${pid()}/fd/${fd}`).then(
          ({ ino }) => String(ino),
          () => '',
        ),
      ),
    );
    expect(held.filter(inode => inode && sockets.includes(inode))).to.deep.equal([]);
  });

  it('is shared by starts that come at once, and shut down by the last that leaves', async () => {
    const data = join(root, 'data');
    const all = await Promise.all([start(data), start(data), start(data)]);
    const [first, second, third] = all as [Embedded, Embedded, Embedded];
    expect(new Set(all.map(hub => hub.pid())).size).to.equal(1);
    expect(new Set(all.map(hub => hub.uri)).size).to.equal(1);
    await first.close();
    await second.close();
    await write(third.uri, 'a');
    await third.close();
    expect(await mongodOf(data)).to.equal(null);
    expect(await readdir(join(data, 'hubs'))).to.deep.equal([]);
    expect(await readdir(join(data, 'run'))).to.deep.equal([]);
    expect(await seen((await start(data)).uri)).to.deep.equal(['a']);
  });

  it('is started again, on the same address, when it was killed', async () => {
    const [hub, other] = [await start(join(root, 'data')), await start(join(root, 'data'))];
    const before = hub.pid();
    await write(hub.uri, 'before');
    const told = Promise.all([hub, other].map(each => new Promise<void>(resolve => each.onRestart(resolve))));
    process.kill(before, 'SIGKILL');
    await told;
    expect(hub.pid()).to.not.equal(before);
    expect(other.pid()).to.equal(hub.pid());
    await write(hub.uri, 'after');
    expect(await seen(hub.uri)).to.deep.equal(['after', 'before']);
  });

  it('is killed when it hangs as the last hub leaves, and keeps what was acknowledged', async () => {
    const data = join(root, 'data');
    const hub = await start(data);
    await write(hub.uri, 'a');
    process.kill(hub.pid(), 'SIGSTOP');
    await hub.close({ mongodMs: 100 });
    expect(await mongodOf(data)).to.equal(null);
    expect(await seen((await start(data)).uri)).to.deep.equal(['a']);
  });

  it('outlives a hub that was killed, and the next one joins it', async () => {
    const data = join(root, 'data');
    const { hub, uri } = await startApart(data);
    await write(uri, 'a');
    const mongod = await mongodOf(data);
    hub.kill('SIGKILL');
    await until(() => hub.signalCode !== null);
    const next = await start(data);
    expect(next.pid()).to.equal(mongod?.pid);
    expect(await seen(next.uri)).to.deep.equal(['a']);
    await next.close();
    expect(await mongodOf(data)).to.equal(null);
  });

  it('is joined by hubs of several processes that start at once', async () => {
    const data = join(root, 'data');
    const all = await Promise.all([startApart(data), startApart(data), startApart(data)]);
    expect(new Set(all.map(({ uri }) => uri)).size).to.equal(1);
    await write(all[0]?.uri ?? '', 'a');
    for (const { hub } of all) hub.stdin?.end();
    await until(() => all.every(({ hub }) => hub.exitCode === 0));
    expect(await mongodOf(data)).to.equal(null);
  });

  it('is stopped and started again when it lives without its socket', async () => {
    const data = join(root, 'data');
    const { hub } = await startApart(data);
    hub.kill('SIGKILL');
    await until(() => hub.signalCode !== null);
    const before = await mongodOf(data);
    await rm(join(data, 'run'), { recursive: true });
    const next = await start(data);
    expect(next.pid()).to.not.equal(before?.pid);
    await write(next.uri, 'a');
  });

  it('serves a data directory whose path is too long for a socket, and cleans up behind itself', async () => {
    const data = join(root, 'x'.repeat(60), 'y, z'.repeat(20));
    await mkdir(data, { recursive: true });
    const hub = await start(data);
    await write(hub.uri, 'a');
    const socket = decodeURIComponent(/\/\/([^/]*)\//.exec(hub.uri)?.[1] ?? '');
    expect(Buffer.byteLength(socket)).to.be.at.most(107);
    const dir = join(socket, '..');
    expect((await stat(dir)).mode & 0o777).to.equal(0o700);
    const told = new Promise<void>(resolve => hub.onRestart(resolve));
    process.kill(hub.pid(), 'SIGKILL');
    await told;
    expect(await seen(hub.uri)).to.deep.equal(['a']);
    await hub.close();
    expect(await stat(dir).catch(error => error.code)).to.equal('ENOENT');
  });

  it('serves a data directory that was moved', async () => {
    const hub = await start(join(root, 'data'));
    await write(hub.uri, 'a');
    await hub.close();
    await rename(join(root, 'data'), join(root, 'elsewhere'));
    const next = await start(join(root, 'elsewhere'));
    expect(await seen(next.uri)).to.deep.equal(['a']);
    await write(next.uri, 'b');
  });

  it('serves a copy and the original side by side', async () => {
    const hub = await start(join(root, 'data'));
    await write(hub.uri, 'a');
    await hub.close();
    const again = await start(join(root, 'data'));
    await rm(join(root, 'copy'), { recursive: true, force: true });
    await mkdir(join(root, 'copy'));
    await writeFile(join(root, 'copy', 'mongod.json'), await readFile(join(root, 'data', 'mongod.json')));
    const copy = await start(join(root, 'copy'));
    expect(copy.pid()).to.not.equal(again.pid());
    expect(await seen(copy.uri)).to.deep.equal([]);
    expect(await seen(again.uri)).to.deep.equal(['a']);
  });

  it('refuses, in words, data of a newer MongoDB', async () => {
    const data = join(root, 'data');
    const hub = await start(data);
    await hub.close();
    const path = join(data, 'mongod.json');
    const record = JSON.parse(await readFile(path, 'utf8'));
    await writeFile(path, JSON.stringify({ ...record, version: '99.0.1' }));
    const mongod = await findMongod({ binary });
    const refused = await startEmbedded({ dataDir: data, log: silent, binary: mongod.path }).catch(
      error => error.message,
    );
    expect(refused).to.match(/written by MongoDB 99\.0\.1, which an older one can't open/);
    expect(await readdir(join(data, 'hubs'))).to.deep.equal([]);
  });

  it('says why mongod did not start', async () => {
    const data = join(root, 'data');
    await mkdir(join(data, 'db'), { recursive: true });
    await writeFile(join(data, 'db', 'storage.bson'), 'not what it should be');
    const refused = await start(data).catch(error => error.message);
    expect(refused).to.match(/^mongod ended at its start \(.+\): .+mongod\.log$/);
  });
});
