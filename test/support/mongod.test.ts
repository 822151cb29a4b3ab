import { expect } from 'chai';
import { mongo } from 'mongoose';
import { freshDb } from './mongod.ts';

describe('test support: fresh databases', () => {
  it('are empty, apart from each other, and gone when dropped', async () => {
    const [one, two] = [await freshDb(), await freshDb()];
    expect(one.name).to.not.equal(two.name);
    const client = new mongo.MongoClient(one.uri);
    await client.db().collection('things').insertOne({ n: 1 });
    expect(client.db().databaseName).to.equal(one.name);
    expect(await client.db(two.name).collection('things').countDocuments()).to.equal(0);
    await one.drop();
    expect(await client.db().collection('things').countDocuments()).to.equal(0);
    await client.close();
    await two.drop();
  });
});
