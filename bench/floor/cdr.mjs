// The floor that our import of call logs is measured against: csv-parse reads the file, records go into MongoDB a thousand at a time.
// No key, no contact, no original, no timeline. Usage: node cdr.mjs, with FLOOR_FILE and FLOOR_MONGODB (a connection string).
// Prints one line of JSON: {records, seconds}.

import { createReadStream } from 'node:fs';
import { parse } from 'csv-parse';
import { mongo } from 'mongoose';

const client = new mongo.MongoClient(process.env.FLOOR_MONGODB);
const calls = client.db('floor').collection('calls', { writeConcern: { w: 'majority', j: true } });
await client.connect();

const began = performance.now();
let batch = [];
let records = 0;
for await (const cells of createReadStream(process.env.FLOOR_FILE).pipe(parse())) {
  batch.push({ cells });
  records++;
  if (batch.length < 1000) continue;
  await calls.insertMany(batch);
  batch = [];
}
if (batch.length > 0) await calls.insertMany(batch);
const seconds = (performance.now() - began) / 1000;
await client.close();
process.stdout.write(`${JSON.stringify({ records, seconds })}\n`);
