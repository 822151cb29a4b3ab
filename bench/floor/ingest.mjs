// The floor that our ingest is measured against: what a plain program does on one thread, with no guarantee at all.
// imapflow fetches, postal-mime parses, one document a mail goes into MongoDB, attachments into GridFS.
// Usage: node ingest.mjs, with FLOOR_IMAP (JSON: host, port, user, pass, folders) and FLOOR_MONGODB (a connection string).
// Prints one line of JSON: {mails, bytes, seconds}.

import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ImapFlow } from 'imapflow';
import { mongo } from 'mongoose';
import PostalMime from 'postal-mime';

const { host, port, user, pass, folders } = JSON.parse(process.env.FLOOR_IMAP);
const client = new mongo.MongoClient(process.env.FLOOR_MONGODB);
const db = client.db('floor');
const mails = db.collection('mails');
const files = new mongo.GridFSBucket(db, { bucketName: 'files' });

const storeFile = async ({ filename, mimeType, content }) => {
  const upload = files.openUploadStream(filename ?? 'unnamed', { metadata: { mimeType } });
  await pipeline(Readable.from([Buffer.from(content)]), upload);
  return { id: upload.id, filename, mimeType };
};

const storeMail = async ({ uid, source }, folder) => {
  const { attachments, ...mail } = await PostalMime.parse(source);
  const stored = [];
  for (const attachment of attachments) stored.push(await storeFile(attachment));
  await mails.insertOne({ folder, uid, ...mail, attachments: stored });
};

const imap = new ImapFlow({ host, port, secure: false, doSTARTTLS: false, auth: { user, pass }, logger: false });
await client.connect();
await imap.connect();
const began = performance.now();
let count = 0;
let bytes = 0;
for (const folder of folders) {
  await imap.mailboxOpen(folder, { readOnly: true });
  for await (const message of imap.fetch('1:*', { uid: true, source: true })) {
    await storeMail(message, folder);
    count++;
    bytes += message.source.length;
  }
}
const seconds = (performance.now() - began) / 1000;
await imap.logout();
await client.close();
process.stdout.write(`${JSON.stringify({ mails: count, bytes, seconds })}\n`);
