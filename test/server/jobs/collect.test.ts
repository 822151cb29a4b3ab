import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { expect } from 'chai';
import { trusted } from '../../../models/schema.ts';
import { collectBlobs, sweepFiles } from '../../../server/jobs/collect.ts';
import { blobId } from '../../../server/rules/keys.ts';
import type { BlobStore } from '../../../server/store/blobs.ts';
import { batchOf, freshStore, mailItem, makeHub } from '../../support/capture.ts';

const DAY_MS = 24 * 3600_000;

const orphan = (bytes: Buffer) => ({
  owner: 'nobody',
  sha256: createHash('sha256').update(bytes).digest('hex'),
  length: bytes.length,
  bytes,
  open: () => Readable.from([bytes]),
});

describe('collector of blobs', () => {
  let store: Awaited<ReturnType<typeof freshStore>>;
  beforeEach(async () => {
    store = await freshStore();
  });
  afterEach(() => store.close());

  it('removes what has no owner a day later, large ones too, and nothing else', async () => {
    const hub = makeHub(store);
    const large = orphan(Buffer.alloc(1_500_000, 7));
    await hub.take([batchOf([mailItem(1)])]);
    await hub.blobs.write([orphan(Buffer.from('small')), large]);
    expect(await collectBlobs(store.models, hub.blobs)).to.equal(0);
    const later = new Date(Date.now() + DAY_MS + 1000);
    expect(await collectBlobs(store.models, hub.blobs, later)).to.equal(2);
    expect(await store.models.blobs.countDocuments()).to.equal(1);
    const chunks = store.models.connection.collection('media.chunks');
    expect(await chunks.countDocuments()).to.equal(0);
  });

  it('passes over none of those that were written in one moment, however many', async () => {
    const { blobs } = makeHub(store);
    const at = new Date();
    const row = (owner: string, n: number) => ({
      _id: `${owner} ${n}` as never,
      owner,
      sha256: '',
      length: 1,
      at,
      data: Buffer.from('x'),
    });
    const written = [
      ...Array.from({ length: 600 }, (_, n) => row('kept', n)),
      ...Array.from({ length: 20 }, (_, n) => row('nobody', n)),
    ];
    await store.models.blobs.collection.insertMany(written);
    await store.models.inbox.collection.insertOne({ _id: 'row' as never, key: 'kept' });
    const later = new Date(at.getTime() + DAY_MS + 1000);
    expect(await collectBlobs(store.models, blobs, later)).to.equal(20);
    expect(await store.models.blobs.countDocuments()).to.equal(600);
  });

  it('lets one live that somebody wanted again meanwhile', async () => {
    const { blobs } = makeHub(store);
    const wanted = orphan(Buffer.from('wanted'));
    await blobs.write([wanted]);
    const writtenAt = new Date();
    await new Promise(resolve => setTimeout(resolve, 5));
    await blobs.write([wanted]);
    expect(await collectBlobs(store.models, blobs, new Date(writtenAt.getTime() + DAY_MS))).to.equal(0);
    expect((await blobs.open(blobId('nobody', wanted.sha256)))?.length).to.equal(6);
  });

  it('lets the originals of register events live, and what quarantine holds of an item that waited in vain', async () => {
    const hub = makeHub(store);
    const event = mailItem(1, { kind: 'event', keyScope: 'account', event: { name: 'booking', data: {} } });
    await hub.take([batchOf([event])]);
    await hub.blobs.write([{ ...orphan(Buffer.from('in vain')), owner: 'the target' }]);
    const { sha256 } = orphan(Buffer.from('in vain'));
    await store.models.quarantine.collection.insertOne({
      _id: 'in vain' as never,
      original: { blob: blobId('the target', sha256), type: 'text/plain', size: 7, sha256 },
    });
    const later = new Date(Date.now() + DAY_MS + 1000);
    expect(await collectBlobs(store.models, hub.blobs, later)).to.equal(0);
    expect(await store.models.blobs.countDocuments()).to.equal(2);
    await store.models.quarantine.deleteMany({});
    await store.models.meta.deleteMany({});
    expect(await collectBlobs(store.models, hub.blobs, later)).to.equal(1);
  });

  it('many that write the same large bytes at once leave one whole copy of them', async () => {
    const stores = [makeHub(store).blobs, makeHub(store).blobs];
    const large = orphan(Buffer.from(Array.from({ length: 3_000_000 }, (_, n) => (n * n) % 251)));
    await Promise.all(Array.from({ length: 20 }, (_, n) => stores[n % 2]?.write([large])));
    expect(await store.models.blobs.countDocuments()).to.equal(1);
    expect(await store.models.connection.collection('media.files').countDocuments()).to.equal(1);
    expect(await store.models.connection.collection('media.chunks').countDocuments()).to.equal(12);
    const [blobs] = stores as [BlobStore];
    const opened = await blobs.open(blobId('nobody', large.sha256));
    expect(Buffer.concat(await (opened?.stream.toArray() ?? [])).equals(large.bytes)).to.equal(true);
  });

  it('sweeps what a kill left of a large one, whole or not, and no other', async () => {
    const { blobs } = makeHub(store);
    const kept = orphan(Buffer.alloc(1_500_000, 1));
    await blobs.write([kept, orphan(Buffer.alloc(1_500_000, 2)), orphan(Buffer.alloc(1_500_000, 3))]);
    const files = store.models.connection.collection('media.files');
    const others = { sha256: trusted({ $ne: kept.sha256 }) };
    const half = await store.models.blobs.findOne(others).lean();
    await store.models.blobs.deleteMany(others);
    await files.deleteOne({ _id: half?.file as never });
    expect(await sweepFiles(store.models, blobs)).to.equal(0);
    expect(await sweepFiles(store.models, blobs, new Date(Date.now() + DAY_MS + 2000))).to.equal(2);
    expect(await files.countDocuments()).to.equal(1);
    expect(await store.models.connection.collection('media.chunks').countDocuments()).to.equal(6);
    expect((await read(blobs, kept)).bytes.equals(kept.bytes)).to.equal(true);
  });

  it('a stream that is not what it said leaves nothing', async () => {
    const { blobs } = makeHub(store);
    const { bytes: _, ...streamed } = orphan(Buffer.alloc(2_000_000, 1));
    const short = { ...streamed, open: () => Readable.from([Buffer.alloc(1_999_999, 1)]) };
    expect(await blobs.write([short]).catch(error => error)).to.be.instanceOf(Error);
    expect(await store.models.blobs.countDocuments()).to.equal(0);
    expect(await store.models.connection.collection('media.files').countDocuments()).to.equal(0);
  });

  const read = async (blobs: BlobStore, { sha256 }: { sha256: string }, range?: { start: number; end: number }) => {
    const opened = await blobs.open(blobId('nobody', sha256), range);
    return { length: opened?.length, bytes: Buffer.concat(await (opened?.stream.toArray() ?? [])) };
  };

  it('reads a small and a large one in whole and in part, of bytes and of base64', async () => {
    const { blobs } = makeHub(store);
    for (const size of [5000, 3_000_000]) {
      const file = Buffer.from(Array.from({ length: size }, (_, n) => (n * n) % 251));
      const encoded = file.toString('base64').replace(/.{76}/g, '$&\r\n');
      for (const bytes of [file, Buffer.from(`A file:\r\n\r\n${encoded}\r\n--end--`)]) {
        const blob = orphan(bytes);
        await blobs.write([blob]);
        const part = await read(blobs, blob, { start: 1000, end: 4000 });
        expect(part.length).to.equal(bytes.length);
        expect(part.bytes.equals(bytes.subarray(1000, 4000))).to.equal(true);
        expect((await read(blobs, blob)).bytes.equals(bytes)).to.equal(true);
      }
    }
  });

  it('keeps base64 decoded', async () => {
    const { blobs } = makeHub(store);
    const blob = orphan(Buffer.from(Buffer.alloc(5700, 'kept').toString('base64').replace(/.{76}/g, '$&\r\n')));
    await blobs.write([blob]);
    const stored = await store.models.blobs
      .findById(blobId('nobody', blob.sha256))
      .lean<{ data: { length(): number } }>();
    expect(stored?.data.length()).to.equal(5700);
  });
});
