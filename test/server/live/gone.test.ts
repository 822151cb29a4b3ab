import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { io, type Socket } from 'socket.io-client';
import { readConfig } from '../../../config/index.ts';
import type { InteractionDoc } from '../../../models/interactions.ts';
import type { TimelineDoc } from '../../../models/timeline.ts';
import { type Hub, startHub } from '../../../server/hub.ts';
import { makeLog } from '../../../server/logging.ts';
import { freshDb } from '../../support/mongod.ts';
import { anyTag } from '../../support/retention.ts';

const token = 'a-token-of-the-tests-that-is-long-enough';

describe('live: an entry that is gone', () => {
  let hub: Hub;
  let folder: string;
  const sockets: Socket[] = [];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'live-'));
    const config = readConfig({
      PORT: '0',
      TALTEEN_DATA: folder,
      MONGODB_URI: (await freshDb()).uri,
      TALTEEN_SECRET: 'a secret of the tests',
      TALTEEN_API_TOKEN: token,
      LOG_LEVEL: 'silent',
    });
    hub = await startHub({ config, log: makeLog('silent'), announce: () => undefined });
  });
  after(async () => {
    for (const socket of sockets) socket.close();
    await hub.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** What a socket with this token is told, in order. */
  const listen = async (value: string): Promise<string[]> => {
    const told: string[] = [];
    const socket = io(`${hub.address}/agent`, {
      auth: { token: value },
      transports: ['websocket'],
      reconnection: false,
    });
    sockets.push(socket);
    socket.on('entry', ({ entry }: { entry: { id: string } }) => told.push(`entry ${entry.id}`));
    socket.on('gone', ({ id }: { id: string }) => told.push(`gone ${id}`));
    await new Promise<void>((resolve, reject) => socket.on('connect', resolve).on('connect_error', reject));
    return told;
  };
  const put = async (id: string, contact: string | null): Promise<number> => {
    const response = await fetch(`${hub.address}/api/v1/timeline/${encodeURIComponent(id)}/contact`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ contact }),
    });
    return response.status;
  };
  const store = async (id: string, account: string): Promise<void> => {
    const { interactions, timeline } = hub.core.models;
    const now = new Date();
    const interaction = { _id: id, accounts: [account] } as unknown as InteractionDoc;
    await interactions.collection.insertOne(interaction as never);
    const entry: TimelineDoc = {
      _id: `${id}:someone`,
      contact: 'someone',
      interaction: id,
      event: null,
      accounts: [account],
      channel: 'email',
      direction: 'inbound',
      occurredAt: now,
      capturedAt: now,
      files: false,
      preview: 'Hei!',
      retention: anyTag,
    };
    await timeline.create([entry]);
  };

  it('is told, before where it is now, to those who may see its account, and to nobody else', async () => {
    const limited = await hub.core.access.tokens.create({ name: 'b only', role: 'agent', account: 'b' });
    const all = await listen(token);
    const some = await listen(limited.token);
    for (const [id, account] of [
      ['one', 'a'],
      ['two', 'b'],
    ] as const) {
      await store(id, account);
      expect(await put(`${id}:someone`, null)).to.equal(200);
    }
    const expected = (id: string) => [`entry ${id}:someone`, `gone ${id}:someone`, `entry ${id}:`];
    for (let tries = 0; tries < 100 && !some.includes('entry two:'); tries += 1)
      await new Promise(resolve => setTimeout(resolve, 50));
    expect(all).to.deep.equal([...expected('one'), ...expected('two')]);
    expect(some).to.deep.equal(expected('two'));
  });
});
