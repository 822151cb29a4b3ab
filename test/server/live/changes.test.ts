import { expect } from 'chai';
import type { mongo } from 'mongoose';
import type { Models } from '../../../models/index.ts';
import { makeChanges } from '../../../server/live/changes.ts';
import { freshStore } from '../../support/capture.ts';

const NOTHING = () => undefined;

describe('live: what is committed', () => {
  it('is followed on, after a gap, when the place where it was isn’t in this oplog', async () => {
    const store = await freshStore();
    const { connection } = store.models;
    const db = connection.getClient().db(connection.name) as unknown as mongo.Db;
    const before = db.watch();
    await before.tryNext();
    await db.collection('timeline').insertOne({ at: new Date() });
    const { _data: place } = (await before.next())._id as { _data: string };
    await before.close();
    const seconds = Number.parseInt(place.slice(2, 10), 16) - 60;
    const elsewhere = { _data: `82${seconds.toString(16).toUpperCase()}${place.slice(10)}` };
    /** Breaks off at once, its place one of another server. */
    const broken = (stream: mongo.ChangeStream): mongo.ChangeStream => {
      Object.defineProperty(stream, 'resumeToken', { value: elsewhere });
      stream[Symbol.asyncIterator] = () => {
        throw new Error('broken off');
      };
      return stream;
    };
    let opened = 0;
    const watch = (...args: Parameters<mongo.Db['watch']>) => {
      const stream = db.watch(...args);
      if (++opened > 1) return stream;
      const tryNext = stream.tryNext.bind(stream);
      stream.tryNext = async () => {
        const first = await tryNext();
        broken(stream);
        return first;
      };
      return stream;
    };
    const away = { name: connection.name, getClient: () => ({ db: () => ({ watch }) }) };
    const told: string[] = [];
    let inserted: Promise<string> | undefined;
    let changes: ReturnType<typeof makeChanges> | undefined;
    const heard = new Promise<void>(resolve => {
      changes = makeChanges({
        models: { ...store.models, connection: away } as unknown as Models,
        onMessage: async () => undefined,
        onGone: async () => undefined,
        onContact: NOTHING,
        onSuggestion: NOTHING,
        onSignal: NOTHING,
        onSilence: NOTHING,
        log: { warn: NOTHING },
        onEntry: async ({ _id }) => {
          told.push(`${_id}`);
          resolve();
        },
        onGap: () => {
          told.push('gap');
          inserted = db
            .collection('timeline')
            .insertOne({ at: new Date() })
            .then(({ insertedId }) => `${insertedId}`);
        },
      });
      void changes.start();
    });
    await heard;
    await changes?.stop();
    expect(told).to.eql(['gap', await inserted]);
    await store.close();
  });
});
