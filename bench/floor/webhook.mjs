// The floor that our webhook intake is measured against: a bare Express handler that writes one document a request, majority and
// journal. No signature, no key, no check. Usage: node webhook.mjs, with FLOOR_MONGODB (a connection string). Prints its address.

import express from 'express';
import { mongo } from 'mongoose';

const client = new mongo.MongoClient(process.env.FLOOR_MONGODB);
await client.connect();
const events = client.db('floor').collection('events', { writeConcern: { w: 'majority', j: true } });
const app = express();
app.post('/events', express.json(), async (req, res) => {
  const { insertedId } = await events.insertOne({ ...req.body, at: new Date() });
  res.json({ id: insertedId, status: 'stored' });
});
const server = app.listen(0, '127.0.0.1', () =>
  process.stdout.write(`http://127.0.0.1:${server.address().port}/events\n`),
);
process.on('SIGTERM', () => process.exit(0));
