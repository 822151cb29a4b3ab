import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import express from 'express';
import { makeHandleErrors } from '../../../server/http/errors.ts';
import { healthRouter, makeMongoWatch, whenMongoHangs } from '../../../server/http/health.ts';
import { makeLog } from '../../../server/logging.ts';
import { native } from '../../../server/store/native.ts';
import { makeLine } from '../../support/line.ts';
import { startApp, type TestApp } from './support.ts';

describe('http: MongoDB away', () => {
  let app: TestApp;
  let line: Awaited<ReturnType<typeof makeLine>>;
  before(async () => {
    line = await makeLine();
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
