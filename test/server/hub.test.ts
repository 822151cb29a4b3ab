import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { readConfig } from '../../config/index.ts';
import { startHub } from '../../server/hub.ts';
import { makeLog } from '../../server/logging.ts';
import { makeLine } from '../support/line.ts';
import { freshDb } from '../support/mongod.ts';

describe('the hub', () => {
  it('says in words that its port is taken, and starts once it is free', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'thb-'));
    const { uri } = await freshDb();
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const config = readConfig({
      MONGODB_URI: uri,
      TALTEEN_SECRET: 'a secret of the hub test',
      TALTEEN_DATA: dataDir,
      PORT: String(port),
    });
    const announced: unknown[] = [];
    const log = makeLog('silent');
    const start = () => startHub({ config, log, announce: administrator => announced.push(administrator) });

    const refusal = await start().catch((error: Error) => error.message);
    expect(refusal).to.match(new RegExp(`^Port ${port} on 127\\.0\\.0\\.1 is taken`));
    expect(announced, 'a start that failed is not the first').to.eql([]);
    taken.close();
    await once(taken, 'close');

    const angry = () => {
      throw new Error('nobody can be told');
    };
    const left = await startHub({ config, log, announce: angry }).catch((error: Error) => error.message);
    expect(left).to.equal('nobody can be told');
    expect(await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => 'gone')).to.equal('gone');

    const hub = await start();
    expect((await fetch(`${hub.address}/readyz`)).status).to.equal(200);
    await hub.close();
    const gone = await fetch(`${hub.address}/readyz`).catch(() => 'gone');
    expect(gone).to.equal('gone');
    await rm(dataDir, { recursive: true, force: true });
  });

  it('closes within seconds, whatever connections others leave open', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'thb-'));
    const config = readConfig({
      MONGODB_URI: (await freshDb()).uri,
      TALTEEN_SECRET: 'a secret of the hub test',
      TALTEEN_DATA: dataDir,
      PORT: '0',
    });
    const hub = await startHub({ config, log: makeLog('silent'), announce: () => undefined });
    await fetch(`${hub.address}/readyz`).then(answer => answer.text()); // kept alive
    const half = connect(Number(new URL(hub.address).port), '127.0.0.1');
    half.on('error', () => undefined);
    await once(half, 'connect');
    half.write('GET /readyz HTTP/1.1\r\nHost: hub\r\n');
    const began = Date.now();
    await hub.close();
    expect(Date.now() - began).to.be.below(10_000);
    half.destroy();
    await rm(dataDir, { recursive: true, force: true });
  });

  it('closes in time though MongoDB answers nothing any more', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'thb-'));
    const line = await makeLine();
    const { name } = await freshDb();
    const config = readConfig({
      MONGODB_URI: line.uri.replace('/?', `/${name}?`),
      TALTEEN_SECRET: 'a secret of the hub test',
      TALTEEN_DATA: dataDir,
      PORT: '0',
    });
    const hub = await startHub({ config, log: makeLog('silent'), announce: () => undefined, finishMs: 200 });
    line.set('silent');
    const waiting = fetch(`${hub.address}/api/v1/session`).catch(() => 'cut');
    const began = Date.now();
    await hub.close();
    expect(Date.now() - began).to.be.below(3000);
    await waiting;
    line.close();
    await rm(dataDir, { recursive: true, force: true });
  });
});
