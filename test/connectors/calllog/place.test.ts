import { appendFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { contextOf } from '../../../connectors/calllog/context.ts';
import { columns } from '../../../connectors/calllog/dialects/columns.ts';
import { isStillThere, marksOf, type Place } from '../../../connectors/calllog/files/place.ts';
import { type Numberings, readLog } from '../../../connectors/calllog/files/read-log.ts';
import type { Batch, Checkpoints, Position } from '../../../connectors/contract.ts';
import { accountOf, connector, importText, makeFolder } from './support.ts';

const CUCM = { dialect: 'cucm', defaultCountry: 'FI', timezone: 'Europe/Helsinki', ownNumbers: ['09 3157 0000'] };
const NAMES =
  '"cdrRecordType","globalCallID_callManagerId","globalCallID_callId","origLegCallIdentifier","dateTimeOrigination","callingPartyNumber","originalCalledPartyNumber","finalCalledPartyNumber","destLegIdentifier","origCause_value","destCause_value","dateTimeConnect","dateTimeDisconnect","pkid","duration","globalCallId_ClusterID"';
const call = (id: number): string =>
  `1,1,${id},11,1795161600,"0401234567","0931570000","2001",12,0,16,1795161605,1795161660,"pkid-${id}",55,"Cluster"`;
const logOf = (...ids: number[]): string => `${[NAMES, ...ids.map(call)].join('\n')}\n`;

const idsOf = (items: { belongsToExternalId?: string }[]): string[] =>
  items.map(({ belongsToExternalId = '' }) => belongsToExternalId);

describe('calllog: whether a file is still the one that was read', () => {
  it('a file with the same beginning and other lines is read from its own beginning', async () => {
    expect(NAMES.length, 'the header alone is longer than what is compared of a beginning').to.be.above(256);
    const { positions } = await importText(CUCM, logOf(1001, 1002));
    const other = await importText(CUCM, logOf(2001, 2002, 2003), { from: positions.at(-1) ?? null });
    expect(idsOf(other.items)).to.deep.equal(['Cluster-1-2001', 'Cluster-1-2002', 'Cluster-1-2003']);
    const grown = await importText(CUCM, logOf(1001, 1002, 1003), { from: positions.at(-1) ?? null });
    expect(idsOf(grown.items)).to.deep.equal(['Cluster-1-1003']);
  });

  it('a place that was stored without the end’s mark is gone on from, as long as the beginning is the same', async () => {
    const { positions } = await importText(CUCM, logOf(1001, 1002));
    const { tail: _, ...old } = positions.at(-1) as Position & { tail: string };
    const grown = await importText(CUCM, logOf(1001, 1002, 1003), { from: old });
    expect(idsOf(grown.items)).to.deep.equal(['Cluster-1-1003']);
    const { tail } = grown.positions.at(-1) as { tail?: string };
    expect(tail).to.match(/^[0-9a-f]{64}$/);
  });

  it('a file that is shorter than what was read, or empty, is another one', async () => {
    const folder = await makeFolder();
    const { path } = await folder.put('log', logOf(1001, 1002));
    const end = logOf(1001, 1002).length;
    const place = { file: 'log', end, records: 3, ...(await marksOf(path, end)) };
    expect(await isStillThere(path, place)).to.equal(true);
    await writeFile(path, logOf(1001));
    expect(await isStillThere(path, place)).to.equal(false);
    await writeFile(path, '');
    expect(await isStillThere(path, place)).to.equal(false);
    await folder.remove();
  });
});

describe('calllog: a watched log that is replaced', function () {
  this.timeout(30_000);
  let folder: Awaited<ReturnType<typeof makeFolder>>;
  let stored: Position | null;
  beforeEach(async () => {
    folder = await makeFolder();
    stored = null;
  });
  afterEach(() => folder.remove());

  const checkpoints: Checkpoints = {
    get: async () => stored && structuredClone(stored),
    held: async function* () {},
    compared: async () => undefined,
    lag: () => undefined,
  };
  const account = () => accountOf({ ...CUCM, directory: folder.path });

  /** Pulls as a hub does that is started and stopped: up to the first batch, which it stores. */
  const nextBatch = async (between: (pulled: AsyncIterator<Batch>) => Promise<void> = async () => undefined) => {
    const stop = new AbortController();
    const pulled = connector.pull?.(account(), checkpoints, stop.signal)?.[Symbol.asyncIterator]();
    if (!pulled) throw new Error('It pulls nothing.');
    const timer = setTimeout(() => stop.abort(), 8000);
    try {
      await between(pulled);
      const { value, done } = await pulled.next();
      if (done) return [];
      stored = (value as Batch).next;
      return idsOf((value as Batch).items);
    } finally {
      clearTimeout(timer);
      stop.abort();
      await pulled.return?.(undefined);
    }
  };

  it('while the hub is down: by another file that got its inode, or in place', async () => {
    const { path } = await folder.put('cdr_1', logOf(1001, 1002));
    expect(await nextBatch()).to.deep.equal(['Cluster-1-1001', 'Cluster-1-1002']);
    await rm(path);
    await folder.put('cdr_2', logOf(2001, 2002, 2003));
    expect(await nextBatch()).to.deep.equal(['Cluster-1-2001', 'Cluster-1-2002', 'Cluster-1-2003']);
    await folder.put('cdr_2', logOf(3001, 3002, 3003, 3004));
    expect(await nextBatch()).to.deep.equal(['Cluster-1-3001', 'Cluster-1-3002', 'Cluster-1-3003', 'Cluster-1-3004']);
  });

  it('between two looks of a hub that runs', async () => {
    const { path } = await folder.put('cdr_1', logOf(1001, 1002));
    const later = await nextBatch(async pulled => {
      const { value } = await pulled.next();
      expect(idsOf((value as Batch).items)).to.have.length(2);
      await writeFile(path, logOf(2001, 2002, 2003));
    });
    expect(later).to.deep.equal(['Cluster-1-2001', 'Cluster-1-2002', 'Cluster-1-2003']);
  });
});

describe('calllog: equal lines without an id in logs that take each other’s names', () => {
  it('are counted in the file that they are in', async () => {
    const folder = await makeFolder();
    const context = contextOf({ dialect: 'csv', timezone: 'UTC', ownNumbers: [] }, { country: 'FI', zone: 'UTC' });
    const numberings: Numberings = new Map();
    const { signal } = new AbortController();
    const read = async (name: string, from: Place | null): Promise<[keys: string[], place: Place]> => {
      const log = {
        file: { name, path: join(folder.path, name) },
        from,
        isWhole: false,
        signal,
        attach: async () => [],
      };
      const keys: string[] = [];
      let place = from;
      for await (const piece of readLog(context, columns, log, numberings)) {
        keys.push(...piece.items.map(({ sourceKey }) => sourceKey.slice(-2)));
        ({ place } = piece);
      }
      return [keys, place as Place];
    };
    const head = 'start,from,to\n';
    const [x, y] = ['2026-11-20 10:00:00,0401234567,100\n', '2026-11-20 11:00:00,0401234567,100\n'];
    const older = await folder.put('log.1', head + x + x + x);
    const newer = await folder.put('log', head + y + x);
    expect((await read('log.1', null))[0]).to.deep.equal(['/1', '/2', '/3']);
    const [keys, place] = await read('log', null);
    expect(keys).to.deep.equal(['/1', '/1']);
    await appendFile(newer.path, x);
    await rename(older.path, join(folder.path, 'log.2'));
    await rename(newer.path, older.path);
    const [more, next] = await read('log.1', place);
    expect(more).to.deep.equal(['/2']);
    await appendFile(older.path, x + y);
    expect((await read('log.1', next))[0]).to.deep.equal(['/3', '/2']);
    await folder.remove();
  });
});
