import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { expect } from 'chai';
import { mongo } from 'mongoose';
import '../../../server/mongo/gone-connections.ts';
import { type FreshDb, freshDb } from '../../support/mongod.ts';

/** More than a socket takes at once: the driver waits until the rest is written. */
const LARGE = 'x'.repeat(12 * 1024 * 1024);

describe('a command whose connection is gone', function () {
  this.timeout(20_000);
  let db: FreshDb;
  let client: mongo.MongoClient;
  const sockets = new Set<Socket>();
  const opened = (message: unknown) => void sockets.add((message as { socket: Socket }).socket);

  before(async () => {
    db = await freshDb();
  });
  beforeEach(() => subscribe('net.client.socket', opened));
  afterEach(async () => {
    unsubscribe('net.client.socket', opened);
    sockets.clear();
    await client.close();
  });

  /** Inserts a text; `act` is done to each socket, once, when the insert is about to be written. Answers how many are there. */
  const insert = async (text: string, act: (socket: Socket) => void, retryWrites = true): Promise<number> => {
    client = new mongo.MongoClient(db.uri, { monitorCommands: true, maxPoolSize: 1, retryWrites });
    const rows = client.db().collection('rows');
    await rows.deleteMany({});
    const listener = ({ commandName }: mongo.CommandStartedEvent) => {
      if (commandName !== 'insert') return;
      client.off('commandStarted', listener);
      for (const socket of sockets) act(socket);
    };
    client.on('commandStarted', listener);
    await rows.insertOne({ text });
    return rows.countDocuments();
  };

  it('before it is written to, ends and is tried again', async () => {
    expect(await insert('short', socket => socket.destroy())).to.equal(1);
  });

  it('while it is written to, ends and is tried again', async () => {
    expect(await insert(LARGE, socket => setImmediate(() => socket.destroy()))).to.equal(1);
  });

  it('fails as the network does, not with the socket’s bare error', async () => {
    const broken = Object.assign(new Error('write EPIPE'), { code: 'EPIPE' });
    const error = await insert(LARGE, socket => setImmediate(() => socket.destroy(broken)), false).catch(
      caught => caught,
    );
    expect(error).to.be.instanceOf(mongo.MongoNetworkError);
  });
});
