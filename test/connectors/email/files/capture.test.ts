import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { expect } from 'chai';
import type { Connector } from '../../../../connectors/contract.ts';
import { makeFileImports } from '../../../../connectors/email/files/index.ts';
import { type MailPool, makeMailPool } from '../../../../connectors/email/parse/pool.ts';
import { makeImports } from '../../../../server/capture/imports.ts';
import { openLater } from '../../../../server/store/blobs.ts';
import { freshStore, makeHub } from '../../../support/capture.ts';
import { type Bench, connector, mail, makeBench, mbox } from './support.ts';

const MAILS = Array.from({ length: 430 }, (_, n) => mail(n, `Asia ${n}\n\n>From now on ${n}\n`));

describe('imports of mail files into the store', () => {
  let bench: Bench;
  let store: Awaited<ReturnType<typeof freshStore>>;
  const pool = makeMailPool();
  before(async () => {
    [bench, store] = await Promise.all([makeBench(), freshStore()]);
    await store.models.accounts.collection.insertOne({ _id: 'imports', connector: 'email', name: 'imports' } as never);
  });
  after(() => Promise.all([bench.remove(), store.close(), pool.close()]));

  const start = (onBatch?: () => void) => {
    const hub = makeHub(store);
    let parsed = 0;
    const counting: MailPool = {
      parse: (...args) => {
        parsed++;
        return pool.parse(...args);
      },
      close: pool.close,
    };
    const connectors = new Map<string, Connector>([['email', { ...connector, ...makeFileImports(() => counting) }]]);
    const pump: typeof hub.pump = (origin, batches, ...rest) =>
      hub.pump(
        origin,
        (async function* () {
          for await (const batch of batches) {
            yield batch;
            onBatch?.();
          }
        })(),
        ...rest,
      );
    const log = { info: () => undefined, warn: () => undefined };
    const imports = makeImports({
      models: store.models,
      connectors,
      acquire: hub.acquire,
      pump,
      dataId: async () => 'one-data-folder',
      open: async () => bench.account,
      log,
    });
    return { hub, imports, parsed: () => parsed };
  };

  const take = async (path: string) => {
    const { imports } = start();
    const files = [{ name: basename(path), path, size: 1 }];
    const { id, done } = await imports.accept({ account: 'imports', who: 'test', files, uploaded: false });
    await done;
    const job = await imports.get(id);
    expect(job?.state).to.equal('done');
    return job?.counts;
  };

  /** Stops an import in the middle, as a kill does, and has another hub go on with it. */
  const inTwo = async (path: string) => {
    let batches = 0;
    const first = start(() => {
      if (++batches === 2) void first.imports.stop();
    });
    const files = [{ name: basename(path), path, size: 1 }];
    const { id, done } = await first.imports.accept({ account: 'imports', who: 'test', files, uploaded: false });
    await done.catch(() => undefined);
    const { read = 0 } = (await first.imports.get(id))?.counts ?? {};
    const second = start();
    await second.imports.start();
    for (let job = await second.imports.get(id); job?.state === 'running'; job = await second.imports.get(id))
      await new Promise(resolve => setTimeout(resolve, 50));
    return { read, parsed: second.parsed(), counts: (await second.imports.get(id))?.counts };
  };

  it('goes on where it was stopped, stores each mail once, and parses none again', async () => {
    const { read, parsed, counts } = await inTwo(await bench.write('posti.mbox', mbox(MAILS)));
    expect(read).to.be.below(430); // how far the first one came is as the machine goes
    expect(parsed).to.equal(430 - read);
    expect(counts).to.deep.equal({ read: 430, stored: 430, duplicate: 0, quarantined: 0 });
  });

  it('stores nothing of the same mails a second time: same file, other name, Maildir, .eml', async () => {
    const again = { read: 430, stored: 0, duplicate: 430, quarantined: 0 };
    expect(await take(join(bench.dir, 'posti.mbox'))).to.deep.equal(again);
    expect(await take(await bench.write('kopio', mbox(MAILS)))).to.deep.equal(again);
    for (const [n, each] of MAILS.entries()) {
      await bench.write(`maildir/cur/${n}.M1:2,S`, each);
      await bench.write(`eml/${n}.eml`, each.replace(/\n/g, '\r\n'));
    }
    expect(await take(join(bench.dir, 'maildir'))).to.deep.equal(again);
    expect(await take(join(bench.dir, 'eml'))).to.deep.equal(again);
    expect(await store.models.interactions.countDocuments()).to.equal(430);
  });

  it('goes on in a directory by file', async () => {
    const { read, parsed, counts } = await inTwo(join(bench.dir, 'maildir'));
    expect(read).to.be.below(430); // how far the first one came is as the machine goes
    expect(parsed).to.equal(430 - read);
    expect(counts).to.deep.equal({ read: 430, stored: 0, duplicate: 430, quarantined: 0 });
  });

  it('keeps every original as the file held it, and where it was seen', async () => {
    const { hub } = start();
    const found = await store.models.interactions.find().lean();
    const originals = new Set<string>();
    for (const { original } of found) {
      if (!original) continue;
      const bytes = await buffer(openLater(hub.blobs, original.blob)());
      expect(createHash('sha256').update(bytes).digest('hex')).to.equal(original.sha256);
      originals.add(bytes.toString('latin1'));
    }
    expect([...originals].sort()).to.deep.equal([...MAILS].sort());
    expect(await store.models.sightings.countDocuments()).to.equal(4 * 430);
  });

  it('puts a file that is no mail into quarantine once, with its bytes', async () => {
    const path = await bench.write('kuva.png', '\x89PNG\r\n\x1a\n');
    expect(await take(path)).to.deep.equal({ read: 1, stored: 0, duplicate: 0, quarantined: 1 });
    expect(await take(path)).to.deep.equal({ read: 1, stored: 0, duplicate: 1, quarantined: 0 });
    const row = await store.models.quarantine.findOne({ account: 'imports' }).lean();
    expect(row?.reason).to.match(/image/);
    const bytes = await buffer(openLater(start().hub.blobs, row?.original?.blob ?? '')());
    expect(bytes.toString('latin1')).to.equal('\x89PNG\r\n\x1a\n');
  });
});
