import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { findMongod } from '../../../server/mongo/find.ts';
import { mongodArguments } from '../../../server/mongo/mongod.ts';
import { compareSeries } from '../../../server/mongo/version.ts';

/** A program that says it is a mongod of this version: only the choice is looked at here. */
const claims = (version: string) => `#!/bin/sh\necho 'db version v${version}'\n`;

describe('finding a mongod', () => {
  let dir: string;
  const program = async (name: string, text: string) => {
    const path = join(dir, name);
    await writeFile(path, text);
    await chmod(path, 0o755);
    return path;
  };
  const refusal = (options: object) => findMongod({ cacheDir: dir, ...options }).then(String, error => error.message);

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'tfi-'));
  });
  afterEach(() => rm(dir, { recursive: true }));

  it('takes MONGOD_BINARY and no other', async () => {
    await program('mongod-x64-debian12-8.2.6', claims('8.2.6'));
    const binary = await program('mine', claims('6.0.5'));
    expect(await findMongod({ binary, cacheDir: dir })).to.deep.equal({ path: binary, version: '6.0.5' });
  });

  it('says what is wrong with MONGOD_BINARY', async () => {
    expect(await refusal({ binary: join(dir, 'nothing') })).to.match(/^MONGOD_BINARY: .*nothing does not run here: /);
    expect(await refusal({ binary: await program('other', '#!/bin/sh\necho hello') })).to.match(
      /^MONGOD_BINARY: .*other is not a mongod$/,
    );
    const old = await program('old', claims('4.4.9'));
    expect(await refusal({ binary: old })).to.equal('MONGOD_BINARY is MongoDB 4.4.9; 5.0 or newer is needed');
    const six = await program('six', claims('6.0.5'));
    expect(await refusal({ binary: six, wroteData: '7.0.1' })).to.match(/data was written by MongoDB 7\.0\.1/);
  });

  it('prefers the series that wrote the data, passes over older ones and what does not run', async () => {
    await program('mongod-a-9.0.0', '#!/bin/sh\nexit 1');
    await program('mongod-b-5.0.9', claims('5.0.9'));
    await program('mongod-c-98.2.6', claims('98.2.6'));
    const seven = await program('mongod-d-97.0.4', claims('97.0.4'));
    expect((await findMongod({ cacheDir: dir, wroteData: '97.0.1' })).path).to.equal(seven);
    expect((await findMongod({ cacheDir: dir, wroteData: '98.0.0' })).version).to.equal('98.2.6');
  });

  it('orders series by number', () => {
    expect(compareSeries('10.0.1', '9.9.9')).to.be.above(0);
    expect(compareSeries('6.0.5', '6.0.19')).to.equal(0);
    expect(compareSeries('8.0', '8.2')).to.be.below(0);
  });

  it('gives mongod no port, a small oplog and a bounded cache', () => {
    const given = mongodArguments('/data', '/data/run', 2 ** 29);
    expect(given.join(' ')).to.include('--bind_ip /data/run/mongod.sock ').and.include('--oplogSize 990');
    expect(given).to.not.include('--port');
    expect(given[given.indexOf('--wiredTigerCacheSizeGB') + 1]).to.equal('0.50');
    const own = Number(mongodArguments('/data', '/data/run')[given.indexOf('--wiredTigerCacheSizeGB') + 1]);
    expect(own).to.be.within(0.25, 1);
  });
});
