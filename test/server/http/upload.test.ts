import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import express, { type Request, type Response } from 'express';
import { readLiveUpload } from '../../../server/http/live-upload.ts';
import { receiveUpload } from '../../../server/http/upload.ts';

const BEGINNING =
  '--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\nhal';

describe('http: an upload that is cut before we read it', () => {
  let server: Server;
  let dataDir: string;
  let read: (req: Request, res: Response) => Promise<unknown>;
  let outcomes: unknown[];
  before(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'tup-'));
    const app = express();
    app.post('/cut', async (req, res) => {
      res.app.emit('came');
      await new Promise(done => req.once('close', done)); // as one does that is looked up meanwhile
      outcomes.push(await read(req, res).catch(error => error));
      res.app.emit('over');
    });
    app.post('/whole', async (req, res) => void res.json(((await read(req, res)) as { name: string }).name));
    server = createServer(app).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  beforeEach(() => {
    outcomes = [];
  });
  after(async () => {
    server.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  const cutOne = async (): Promise<void> => {
    const app = server.listeners('request')[0] as unknown as express.Express;
    const [came, over] = [once(app, 'came'), once(app, 'over')];
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write(
      `POST /cut HTTP/1.1\r\nHost: hub\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 9000\r\n\r\n${BEGINNING}`,
    );
    await came;
    socket.resetAndDestroy();
    await over;
  };

  it('gives its place among chat files back', async () => {
    read = (req, res) => readLiveUpload(req, res, 'agent');
    for (let n = 0; n < 9; n++) await cutOne();
    for (const outcome of outcomes) expect(outcome).to.include({ status: 400 });
    const form = new FormData();
    form.append('file', new Blob(['hello'], { type: 'text/plain' }), 'whole.txt');
    const { port } = server.address() as AddressInfo;
    const answer = await fetch(`http://127.0.0.1:${port}/whole`, { method: 'POST', body: form });
    expect(await answer.json()).to.equal('whole.txt');
  });

  it('leaves no folder behind', async () => {
    read = (req, res) => receiveUpload(req, res, { dataDir, hasRoom: () => true, lookAtDisk: async () => undefined });
    await cutOne();
    expect(outcomes[0]).to.include({ status: 400 });
    expect(await readdir(join(dataDir, 'uploads'))).to.eql([]);
  });
});
