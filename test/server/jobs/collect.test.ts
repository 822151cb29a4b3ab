import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { expect } from 'chai';
import { collectBlobs } from '../../../server/jobs/collect.ts';
import { blobId } from '../../../server/rules/keys.ts';
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

  it('a stream that is not what it said leaves nothing', async () => {
    const { blobs } = makeHub(store);
    const { bytes: _, ...streamed } = orphan(Buffer.alloc(2_000_000, 1));
    const short = { ...streamed, open: () => Readable.from([Buffer.alloc(1_999_999, 1)]) };
    expect(await blobs.write([short]).catch(error => error)).to.be.instanceOf(Error);
    expect(await store.models.blobs.countDocuments()).to.equal(0);
    expect(await store.models.connection.collection('media.files').countDocuments()).to.equal(0);
  });

  it('reads a range of a small and of a large one', async () => {
    const { blobs } = makeHub(store);
    for (const size of [5000, 3_000_000]) {
      const bytes = Buffer.from(Array.from({ length: size }, (_, n) => n % 251));
      const blob = orphan(bytes);
      await blobs.write([blob]);
      const opened = await blobs.open(blobId('nobody', blob.sha256), { start: 1000, end: 4000 });
      expect(opened?.length).to.equal(size);
      expect(Buffer.concat(await (opened?.stream.toArray() ?? [])).equals(bytes.subarray(1000, 4000))).to.equal(true);
    }
  });
});
