import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect } from 'chai';
import { abortTransactionsOf, appNameOf } from '../../../server/store/abandoned.ts';
import { freshStore } from '../../support/capture.ts';

const holder = { host: 'here', pid: 4711, start: '99' };

/** A process that is killed inside a transaction which has written to a checkpoint. */
const dieInTransaction = async (uri: string, name: string): Promise<void> => {
  const program = `
    const { default: mongoose } = await import('mongoose');
    const client = await new mongoose.mongo.MongoClient(process.argv[1], { appName: process.argv[3] }).connect();
    const session = client.startSession();
    session.startTransaction();
    await client.db(process.argv[2]).collection('checkpoints').updateOne({ _id: 'a:b' }, { $inc: { seq: 1 } }, { session });
    process.stdout.write('open');
    setInterval(() => undefined, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program, uri, name, appNameOf(holder)]);
  await once(child.stdout, 'data');
  child.kill('SIGKILL');
  await once(child, 'exit');
};

describe('transactions that a killed hub left open', () => {
  it('hold what they wrote until they are aborted by name', async () => {
    const store = await freshStore();
    const { checkpoints, connection } = store.models;
    await checkpoints.create({ _id: 'a:b', account: 'a', stream: 'b' });
    await dieInTransaction(store.uri, store.name);
    const move = async () => {
      const session = await connection.startSession();
      session.startTransaction();
      try {
        await checkpoints.collection.updateOne({ _id: 'a:b' as never }, { $inc: { seq: 1 } }, { session });
        await session.commitTransaction();
        return 'moved';
      } catch (error) {
        await session.abortTransaction().catch(() => undefined);
        return (error as { codeName?: string }).codeName;
      } finally {
        await session.endSession();
      }
    };
    expect(await move()).to.equal('WriteConflict');
    expect(await abortTransactionsOf(connection, { ...holder, pid: 1 }), "another's").to.equal(0);
    expect(await abortTransactionsOf(connection, holder)).to.equal(1);
    expect(await move()).to.equal('moved');
    await store.close();
  });
});
