import { expect } from 'chai';
import { connectStore } from '../../../server/store/connect.ts';
import { freshDb } from '../../support/mongod.ts';

describe('the connection to MongoDB', () => {
  it('reads what was written last, whatever its address says', async () => {
    const { uri, drop } = await freshDb();
    const store = await connectStore(`${uri}&readPreference=secondaryPreferred`);
    expect(store.connection.getClient().readPreference.mode).to.equal('primary');
    await store.close();
    await drop();
  });
});
