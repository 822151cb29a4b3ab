import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { type Connector, ConnectorError, type ImportFile } from '../../../connectors/contract.ts';
import { makeImports } from '../../../server/capture/imports.ts';
import { makePump } from '../../../server/capture/pump.ts';
import { accountOf, batchOf, freshStore, mailConnector, mailItem, makeHub } from '../../support/capture.ts';

const none = { read: 0, stored: 0, duplicate: 0, quarantined: 0 };

describe('capture: imports', () => {
  let store: Awaited<ReturnType<typeof freshStore>>;
  let root: string;
  const hubs: ReturnType<typeof makeImports>[] = [];
  before(async () => {
    [store, root] = await Promise.all([freshStore(), mkdtemp(join(tmpdir(), 'talteen-imports-'))]);
    await store.models.accounts.create({
      _id: 'imports',
      connector: 'email',
      name: 'imports',
      state: 'paused',
      createdAt: new Date(),
    });
  });
  afterEach(() => Promise.race([Promise.all(hubs.splice(0).map(hub => hub.stop())), sleep(100)])); // one of them hangs for ever
  after(() => Promise.all([store.close(), rm(root, { recursive: true, force: true })]));

  type ReadFile = (file: ImportFile) => AsyncIterable<ReturnType<typeof batchOf>>;

  /** A hub's imports; `read` is what its connector does with a file. */
  const hubWith = (read: ReadFile, dataId = 'one-data-folder', hasRoom = () => true) => {
    const hub = makeHub(store);
    const pump = makePump({ models: store.models, capture: hub.capture, hasRoom });
    const connector: Connector = { ...mailConnector, importFile: (_account, file) => read(file) };
    const imports = makeImports({
      models: store.models,
      acquire: hub.acquire,
      pump,
      dataId: async () => dataId,
      firstPauseMs: 10,
      lookMs: 20,
      connectors: new Map([['email', connector]]),
      open: async () => accountOf('imports'),
      log: { warn: () => undefined },
    });
    hubs.push(imports);
    return imports;
  };

  const upload = async (name: string) => {
    const folder = join(root, name);
    await mkdir(folder);
    await writeFile(join(folder, '0'), name);
    return [{ name, path: join(folder, '0'), size: name.length }];
  };

  /** Refuses a file that isn't there, as a connector does that can't tell what it is. */
  const readThere: ReadFile = async function* ({ path }) {
    if (!existsSync(path)) throw new ConnectorError('stop', 'This is no file of mails.');
    yield batchOf([mailItem(1)], { next: {} });
  };

  it('end once: who comes to one that another hub has ended leaves it as it is', async () => {
    let goOn = () => {};
    const held = new Promise<void>(resolve => {
      goOn = resolve;
    });
    const first = hubWith(async function* (file) {
      await held;
      yield* readThere(file);
    });
    const files = await upload('large.mbox');
    const { id, done } = await first.accept({ account: 'imports', who: 'test', files, uploaded: true });
    while (!(await store.models.leases.findOne({ _id: `import:${id}`, token: 1 }))) await sleep(10);
    const second = hubWith(readThere);
    await second.start();
    await sleep(100); // it has asked for the lease in vain by then
    goOn();
    await done;
    while (!(await store.models.leases.findOne({ _id: `import:${id}`, token: 2 }))) await sleep(20);
    await second.stop();
    expect(await first.get(id)).to.deep.include({
      state: 'done',
      error: null,
      counts: { ...none, read: 1, stored: 1 },
    });
    expect(existsSync(join(root, 'large.mbox'))).to.equal(false);
    const { models } = store;
    const counted = () => models.checkpoints.find({ account: 'imports' }, { stream: 1, counts: 1, _id: 0 }).lean();
    const once = [{ stream: 'import/', counts: { stored: 1, duplicate: 0, quarantined: 0 } }];
    expect(await counted(), 'one checkpoint for all that have ended').to.eql(once);
  });

  it('fail, not wait for ever, where a file can not be read', async () => {
    const paths: string[] = [];
    // biome-ignore lint/correctness/useYield: it finds nothing
    const hub = hubWith(async function* ({ path }) {
      paths.push(path);
      throw new ConnectorError('retry', 'It can be read in a moment.');
    });
    const files = await upload('retried.mbox');
    const { id } = await hub.accept({ account: 'imports', who: 'test', files, uploaded: true });
    while (paths.length < 2) await sleep(20);
    await hub.stop();
    expect((await hub.get(id))?.state, 'a fault that passes is no failure').to.equal('running');
    // biome-ignore lint/correctness/useYield: it finds nothing
    const again = hubWith(async function* ({ path }) {
      await readFile(join(path, 'below'));
    });
    await again.start();
    while ((await again.get(id))?.state === 'running') await sleep(10);
    expect(await again.get(id)).to.deep.include({ state: 'failed', error: "This file can't be read (ENOTDIR)." });
  });

  it('wait while there is too little free disk', async () => {
    let [room, asked, disposed] = [false, 0, 0];
    const dispose = async () => void disposed++;
    const read: ReadFile = async function* () {
      asked++;
      yield batchOf([{ ...mailItem(2), dispose }], { next: {} });
    };
    const hub = hubWith(read, 'one-data-folder', () => room);
    const { id, done } = await hub.accept({
      account: 'imports',
      who: 'test',
      files: await upload('2'),
      uploaded: true,
    });
    while (asked < 3) await sleep(10);
    expect(await hub.get(id)).to.deep.include({ state: 'running', counts: { ...none } });
    expect(disposed, 'nothing is left of what was read in vain').to.be.within(2, 3);
    room = true;
    await done;
    expect(await hub.get(id)).to.deep.include({ state: 'done', counts: { ...none, read: 1, stored: 1 } });
  });

  it('go on with whoever has the data folder, and with nobody else', async () => {
    let begun = () => {};
    const beginning = new Promise<void>(resolve => {
      begun = resolve;
    });
    // biome-ignore lint/correctness/useYield: it is stopped before it finds anything
    const killed = hubWith(async function* () {
      begun();
      await sleep(50);
      throw new Error('killed');
    });
    const files = await upload('moved.mbox');
    const { id } = await killed.accept({ account: 'imports', who: 'test', files, uploaded: true });
    await beginning;
    await killed.stop();
    const elsewhere = hubWith(readThere, 'another-data-folder');
    await elsewhere.start();
    await elsewhere.stop();
    expect((await killed.get(id))?.state).to.equal('running');
    const again = hubWith(readThere);
    await again.start();
    while ((await again.get(id))?.state === 'running') await sleep(20);
    await again.stop();
    expect(await again.get(id)).to.deep.include({ state: 'done', error: null });
  });

  it('go on at another hub of the data folder, which runs already, when theirs is gone', async () => {
    let [begun, asked] = [() => {}, 0];
    const beginning = new Promise<void>(resolve => {
      begun = resolve;
    });
    const other = hubWith(async function* (file) {
      asked++;
      yield* readThere(file);
    });
    await other.start();
    const killed = hubWith(async function* () {
      begun();
      await new Promise(() => undefined);
    });
    const { id } = await killed.accept({
      account: 'imports',
      who: 'test',
      files: await upload('left.mbox'),
      uploaded: true,
    });
    await beginning;
    await sleep(100); // the other one has looked by then, and asked for the lease in vain
    expect(asked).to.equal(0);
    await store.models.leases.updateOne({ _id: `import:${id}` }, { expiresAt: new Date(0) });
    while ((await other.get(id))?.state === 'running') await sleep(20);
    await other.stop();
    expect(asked).to.equal(1);
    expect(await other.get(id)).to.deep.include({ state: 'done', error: null });
  });

  it('say so while they fail again and again, and no longer once they are done', async () => {
    let mended = false;
    const hub = hubWith(async function* (file) {
      if (!mended) throw new TypeError('ours');
      yield* readThere(file);
    });
    const { id, done } = await hub.accept({
      account: 'imports',
      who: 'test',
      files: await upload('again.mbox'),
      uploaded: true,
    });
    while ((await hub.get(id))?.error === null) await sleep(10);
    expect(await hub.get(id)).to.deep.include({
      state: 'running',
      error: 'It has failed 5 times so far, the last time with TypeError. It is tried again.',
    });
    mended = true;
    await done;
    expect(await hub.get(id)).to.deep.include({ state: 'done', error: null });
  });
});
