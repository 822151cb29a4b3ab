import { type EventEmitter, once } from 'node:events';
import { createServer, type Server as HttpServer, type RequestListener } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import express from 'express';
import { Server } from 'socket.io';
import { io } from 'socket.io-client';
import { cutSilentBodies, makeBodyBounds } from '../../../server/http/bodies.ts';
import { makeHandleErrors } from '../../../server/http/errors.ts';
import { answerUnreadable } from '../../../server/http/unreadable.ts';
import { makeLog } from '../../../server/logging.ts';
import { startApp, type TestApp } from './support.ts';

const SILENT_MS = 150;

const portOf = (server: HttpServer): number => (server.address() as AddressInfo).port;

/** Sends these bytes and no more: what is answered until the other side closes, and how long that took. */
const half = async (port: number, sent: string): Promise<{ answer: string; ms: number }> => {
  const begun = performance.now();
  const socket = connect(port, '127.0.0.1', () => socket.write(sent));
  let answer = '';
  socket.on('error', () => undefined).on('data', chunk => (answer += chunk));
  await once(socket, 'close');
  return { answer, ms: performance.now() - begun };
};

const headOf = (path: string, length: number, more = ''): string =>
  `POST ${path} HTTP/1.1\r\nHost: hub\r\nContent-Type: text/plain\r\nContent-Length: ${length}\r\n${more}\r\n`;

describe('http: bodies that stop coming', () => {
  let app: TestApp;
  let id: string;
  before(async () => {
    app = await startApp();
    cutSilentBodies(app.server, SILENT_MS);
    const config = { secret: 'hunter2-hunter2' };
    id = (await app.as('POST', 'accounts', { json: { connector: 'pushed', name: 'Pushed', config } })).body.id;
  });
  after(() => app.close());

  it('of a webhook that nobody has are not waited for', async () => {
    const socket = connect(portOf(app.server), '127.0.0.1', () =>
      socket.write(headOf('/webhooks/nobody/x', 24_000_000)),
    );
    const [answer] = await once(socket, 'data');
    expect(String(answer)).to.match(/^HTTP\/1.1 404 /);
    socket.destroy();
  });

  it('are let go, whatever takes them: 408', async () => {
    const form =
      'Content-Type: multipart/form-data; boundary=x\r\nAuthorization: Bearer token-of-an-administrator-0123456789\r\n';
    const json = headOf('/api/v1/session', 500).replace('text/plain', 'application/json');
    const bodies = [
      `${headOf(`/webhooks/${id}/events`, 2_000_000)}${'x'.repeat(100_000)}`,
      `${json}{"email":`,
      `${headOf('/api/v1/imports', 5000).replace('Content-Type: text/plain\r\n', form)}--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nhalf`,
    ];
    for (const { answer, ms } of await Promise.all(bodies.map(sent => half(portOf(app.server), sent)))) {
      expect(answer).to.match(/^HTTP\/1.1 408 [\s\S]*application\/problem\+json/);
      expect(ms).to.be.lessThan(5000);
    }
    expect(await app.models.inbox.countDocuments({ account: id })).to.equal(0);
  });

  const withServer = async (listener: RequestListener, use: (port: number) => Promise<void>): Promise<void> => {
    const server = createServer(listener).listen(0, '127.0.0.1');
    await once(server, 'listening');
    cutSilentBodies(server, SILENT_MS);
    await use(portOf(server));
    server.closeAllConnections();
    server.close();
  };

  it('are not mistaken for those that we are slow to read, or to answer', () =>
    withServer(
      (req, res) => {
        setTimeout(
          () => req.resume().on('end', () => setTimeout(() => res.end('all'), 1.3 * SILENT_MS)),
          1.3 * SILENT_MS,
        );
      },
      async port => {
        const init = { method: 'POST', body: 'x'.repeat(1_000_000) };
        expect(await (await fetch(`http://127.0.0.1:${port}/`, init)).text()).to.equal('all');
      },
    ));
});

describe('http: what is no request', () => {
  let app: TestApp;
  before(async () => {
    app = await startApp();
    answerUnreadable(app.server);
  });
  after(() => app.close());

  it('is answered by a problem document', async () => {
    for (const [sent, status] of [
      ['NO HTTP\r\n\r\n', 400],
      ['POST /api/v1/contacts HTTP/1.1\r\nHost: hub\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n', 400],
      [`GET /api/v1/contacts?q=${'x'.repeat(20_000)} HTTP/1.1\r\nHost: hub\r\n\r\n`, 431],
    ] as const) {
      const { answer } = await half(portOf(app.server), sent);
      const [head = '', body = ''] = answer.split('\r\n\r\n');
      expect(head).to.match(new RegExp(`^HTTP/1.1 ${status} [\\s\\S]*Content-Type: application/problem\\+json`));
      expect(JSON.parse(body)).to.include({ type: 'about:blank', status });
    }
  });

  it('is cut off where an answer is half sent', async () => {
    const server = createServer((_req, res) => void res.write('half of it')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    answerUnreadable(server);
    const socket = connect(portOf(server), '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\nHost: hub\r\n\r\n'));
    let answer = '';
    socket.on('data', chunk => {
      if (!answer) socket.write('NO HTTP\r\n\r\n');
      answer += chunk;
    });
    await once(socket, 'close');
    expect(answer.match(/HTTP\/1.1/g)).to.have.length(1);
    server.close();
  });
});

describe('http: lines that are silent for long', () => {
  it('stay open: a socket that is idle, a poll that waits for news', async () => {
    const server = createServer();
    const live = new Server(server);
    cutSilentBodies(server, SILENT_MS);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const lines = ['websocket', 'polling'].map(transport =>
      io(`http://127.0.0.1:${portOf(server)}`, { transports: [transport], forceNew: true, reconnection: false }),
    );
    await Promise.all(lines.map(line => once(line as unknown as EventEmitter, 'connect')));
    await new Promise(resolve => setTimeout(resolve, 3 * SILENT_MS)); // that nothing happens can only be waited for
    expect(lines.map(({ connected }) => connected)).to.eql([true, true]);
    for (const line of lines) line.close();
    await live.close();
  });
});

describe('http: bodies that come at once', () => {
  const LARGEST = 1000;
  let server: HttpServer;
  before(async () => {
    const bound = makeBodyBounds({ most: 2500, small: 10 });
    const hub = express()
      .post('/', bound(express.raw({ type: () => true, limit: LARGEST }), LARGEST), (req, res) => {
        res.json(req.body.length);
      })
      .use(makeHandleErrors(makeLog('silent')));
    server = createServer(hub).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  after(() => server.close());

  const post = (body: string | Buffer, headers = {}) =>
    fetch(`http://127.0.0.1:${portOf(server)}/`, { method: 'POST', body, headers });

  /** A sender that stops before the end; what is answered makes it go, and resolves when the server knows. */
  const unfinished = async (sent: string | Buffer, length: number, more = '') => {
    let gone: Promise<unknown>;
    const arrived = new Promise<unknown>(resolve =>
      server.once('request', (req, res) => {
        gone = once(res, 'close');
        req.once('data', resolve);
      }),
    );
    const socket = connect(portOf(server), '127.0.0.1');
    socket.on('error', () => undefined).write(headOf('/', length, more));
    socket.write(sent);
    await arrived;
    return async () => {
      socket.destroy();
      await gone;
    };
  };

  it('are refused beyond a bound, but for small ones, and taken again when there is room', async () => {
    const stops = [await unfinished('x'.repeat(990), 1000), await unfinished('x'.repeat(990), 1000)];
    const refused = await post('x'.repeat(900));
    expect([refused.status, refused.headers.get('retry-after')]).to.eql([503, '5']);
    expect((await post('small')).status).to.equal(200);
    for (const stop of stops) await stop();
    expect(await (await post('x'.repeat(900))).json()).to.equal(900);
  });

  it('count for all that they may be when they are packed', async () => {
    const packed = gzipSync('x'.repeat(900));
    const encoding = 'Content-Encoding: gzip\r\n';
    const stops = [
      await unfinished(packed.subarray(0, 15), 99, encoding),
      await unfinished(packed.subarray(0, 15), 99, encoding),
    ];
    expect((await post(packed, { 'content-encoding': 'gzip' })).status).to.equal(503);
    for (const stop of stops) await stop();
    expect(await (await post(packed, { 'content-encoding': 'gzip' })).json()).to.equal(900);
  });
});
