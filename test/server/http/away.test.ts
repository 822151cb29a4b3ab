import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { expect } from 'chai';
import express from 'express';
import { makeHandleErrors } from '../../../server/http/errors.ts';
import { healthRouter, makeMongoWatch, whenMongoHangs } from '../../../server/http/health.ts';
import { makeLog } from '../../../server/logging.ts';
import { native } from '../../../server/store/native.ts';
import { testMongod } from '../../support/mongod.ts';
import { startApp, type TestApp } from './support.ts';

const WRITES = ['insert', 'update', 'delete', 'findAndModify'].map(name => `\u0002${name}\0`);
const isWrite = (command: string): boolean => WRITES.some(one => command.includes(one));

/** A way to MongoDB that can be cut, or left open with nothing coming through, or no writes. */
const makeLine = async (socketPath: string) => {
  const open = new Set<Socket>();
  const sent: string[] = [];
  let state: 'open' | 'cut' | 'silent' | 'no writes' = 'open';
  const passes = (data: Buffer): boolean => {
    const command = data.toString('latin1');
    if (isWrite(command)) sent.push(command);
    return state === 'open' || (state === 'no writes' && !isWrite(command));
  };
  const server: Server = createServer(client => {
    open.add(client);
    client.on('close', () => open.delete(client)).on('error', () => undefined);
    if (state === 'cut') return client.destroy();
    const upstream = connect(socketPath);
    open.add(upstream);
    upstream.on('close', () => client.destroy()).on('error', () => undefined);
    client.on('close', () => upstream.destroy());
    client.on('data', data => passes(data) && upstream.write(data));
    upstream.on('data', data => state !== 'silent' && client.write(data));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return {
    sent,
    uri: `mongodb://127.0.0.1:${port}/?directConnection=true`,
    set: (next: typeof state) => {
      state = next;
      if (next === 'silent' || next === 'no writes') return;
      for (const socket of open) socket.destroy();
    },
    close: () => {
      for (const socket of open) socket.destroy();
      server.close();
    },
  };
};

describe('http: MongoDB away', () => {
  let app: TestApp;
  let line: Awaited<ReturnType<typeof makeLine>>;
  before(async () => {
    const { uri } = await testMongod();
    const socket = decodeURIComponent(/^mongodb:\/\/([^/?]+)/.exec(uri)?.[1] ?? '');
    line = await makeLine(socket);
    app = await startApp({}, line.uri);
  });
  after(async () => {
    line.set('open');
    await app.close();
    line.close();
  });

  const calls: [string, string, unknown?][] = [
    ['GET', 'contacts'],
    ['GET', 'unlinked'],
    ['POST', 'contacts', { name: { first: 'x' } }],
    ['POST', 'session', { email: 'a@b.example', password: 'x' }],
    ['GET', '/readyz'],
    ['GET', '/metrics'],
  ];

  it('no write waits without an end for a majority to have it', async () => {
    line.sent.length = 0;
    await app.as('POST', 'tokens', { json: { name: 'x', role: 'agent' } });
    await app.as('POST', 'session', { json: { email: 'a@b.example', password: 'x' } });
    await app.as('GET', 'contacts');
    await app.intake.accept({ id: 'a' } as never, { items: [], failed: [{ locator: 'l', reason: 'r' }] } as never);
    const waiting = line.sent.filter(command => command.includes('writeConcern\0'));
    expect(waiting).to.have.length.above(2);
    for (const command of waiting) expect(command).to.include('majority\0').and.to.include('wtimeout\0');
  });

  it('it answers and takes no writes: who waits for one is told so, and what is read is not', async () => {
    const mongo = makeMongoWatch(app.models, 200);
    const hangs = whenMongoHangs(mongo, makeHandleErrors(makeLog('silent')), 50);
    const { meta } = app.models;
    const server = createHttpServer(
      express()
        .use(hangs)
        .use(healthRouter({ models: app.models, mongo, hasRoom: () => true }))
        .post(
          '/',
          async () =>
            void (await native(meta)
              .insertOne({ _id: 'x', value: 1 })
              .catch(() => undefined)),
        )
        .get('/', async (_req, res) => void res.json(await meta.countDocuments({ _id: 'x' }))),
    ).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const at = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    line.set('no writes');
    const [posted, read, ready] = await Promise.all([fetch(at, { method: 'POST' }), fetch(at), fetch(`${at}/readyz`)]);
    expect([posted.status, read.status, ready.status]).to.eql([503, 200, 503]);
    line.set('open');
    server.close();
  });

  for (const state of ['cut', 'silent'] as const) {
    it(`${state}: every call is 503 within 5 seconds, the process lives, and all is well again by itself`, async () => {
      line.set(state);
      const began = Date.now();
      const replies = await Promise.all(
        calls.map(([method, path, json]) => app.as(method, path, json ? { json } : {})),
      );
      expect(Date.now() - began).to.be.lessThan(5000);
      for (const [i, { status, headers }] of replies.entries()) {
        expect(status, `${calls[i]}`).to.equal(503);
        expect(headers.get('content-type')).to.match(/problem/);
      }
      expect((await app.send('GET', '/healthz')).status).to.equal(200);
      line.set('open');
      const until = Date.now() + 30_000;
      let status = 503;
      while (status !== 200 && Date.now() < until) ({ status } = await app.as('GET', 'contacts'));
      expect(status).to.equal(200);
    });
  }
});
