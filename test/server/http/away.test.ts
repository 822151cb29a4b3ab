import { connect, createServer, type Server, type Socket } from 'node:net';
import { expect } from 'chai';
import { testMongod } from '../../support/mongod.ts';
import { startApp, type TestApp } from './support.ts';

/** A way to MongoDB that can be cut, or left open with nothing coming through. */
const makeLine = async (socketPath: string) => {
  const open = new Set<Socket>();
  let state: 'open' | 'cut' | 'silent' = 'open';
  const server: Server = createServer(client => {
    open.add(client);
    client.on('close', () => open.delete(client)).on('error', () => undefined);
    if (state === 'cut') return client.destroy();
    const upstream = connect(socketPath);
    open.add(upstream);
    upstream.on('close', () => client.destroy()).on('error', () => undefined);
    client.on('close', () => upstream.destroy());
    client.on('data', data => state === 'open' && upstream.write(data));
    upstream.on('data', data => state === 'open' && client.write(data));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return {
    uri: `mongodb://127.0.0.1:${port}/?directConnection=true`,
    set: (next: typeof state) => {
      state = next;
      if (next === 'silent') return;
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
