import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { rawOf } from '../../../connectors/common/raw.ts';
import type { Batch, Checkpoints } from '../../../connectors/contract.ts';
import { eighteen, wave } from './lines.ts';
import { ASTERISK, accountOf, connector, gather, importText, makeFolder } from './support.ts';

const line = (n: number): string => eighteen({}, `1795161600.${n}`);
const logOf = (...lines: string[]): string => `${lines.join('\n')}\n`;
const HOLE = '\0'.repeat(512);
/** What a log looks like that was being written when the power went. */
const HOLED = logOf(line(1), line(2), HOLE + line(3), line(4));
const BZIP2 = Buffer.from('BZh91AY&SY and what follows', 'latin1');

const idsOf = (items: { externalId?: string }[]): string[] => items.map(({ externalId = '' }) => externalId.slice(-2));

describe('calllog: a log with zero bytes in it', () => {
  it('is read, but for the line that they are in', async () => {
    const { items, failed } = await importText(ASTERISK, HOLED);
    expect(idsOf(items)).to.deep.equal(['.1', '.2', '.4']);
    expect(failed.map(({ reason }) => reason).join()).to.match(/^Record 3: .*zero bytes/);
    expect((await importText(ASTERISK, `${logOf(line(1))}${HOLE}`)).failed).to.deep.equal([]);
    const csv = `id,start,from,to\nA${HOLE}"\n7,2026-11-20 10:00:00,0401234567,100\n`;
    const any = await importText({ ...ASTERISK, dialect: 'csv' }, csv);
    expect([any.items.length, any.failed.length]).to.deep.equal([1, 1]);
  });

  it('has its line again from quarantine when all of that stands behind them', async () => {
    const replay = (text: string) =>
      connector.reparse?.(accountOf(ASTERISK), rawOf('text/csv', Buffer.from(text))) as Promise<{ externalId: string }>;
    expect((await replay(HOLE + line(3))).externalId).to.equal('1795161600.3');
    const error = await replay(line(3).replace('0401', '04\0\0')).catch((caught: Error) => caught);
    expect(String(error)).to.include('zero bytes');
  });

  it('is told from what is no log', async () => {
    for (const bytes of [Buffer.from(logOf(line(1)), 'utf16le'), Buffer.from([0x89, 0x50, 0x4e, 0x47, 1, 2]), BZIP2]) {
      const { items, failed } = await importText(ASTERISK, bytes);
      expect(items).to.deep.equal([]);
      expect(failed.map(({ locator }) => locator.split('/')[0])).to.deep.equal(['file']);
    }
  });
});

describe('calllog: a log with quotes that nobody closed', () => {
  const CSV = { ...ASTERISK, dialect: 'csv' };
  const call = (minute: number, note: string) => `2026-11-20 10:0${minute}:00;040777000${minute};100;60;${note}`;
  const read = async (...lines: string[]) => {
    const { items, failed } = await importText(CSV, logOf('start;from;to;duration;note', ...lines));
    return { minutes: items.map(({ occurredAt }) => occurredAt.getUTCMinutes()), failed: failed.length };
  };

  it('loses no call between two of them', async () => {
    const between = [call(3, 'b'), call(4, '"c"'), call(5, 'd')];
    expect(await read(call(1, 'a'), call(2, '"Pekka Virtane'), ...between, call(6, 'screen 5"'), call(7, 'e'))).to.eql({
      minutes: [1, 3, 4, 5, 7],
      failed: 2,
    });
    expect(await read(call(1, '"Pekka Virtane'), call(2, 'screen 5"'), call(3, 'e'))).to.eql({
      minutes: [3],
      failed: 2,
    });
  });

  it('has notes of several lines read all the same', async () => {
    const note = '"Asked:\n1; 2; 3; 4; 5; 6\nsaid ""yes"" at 2026-11-20 10:00:00; 5""; so; on; and; on\n- bye"';
    expect(await read(call(1, note), call(2, '"once\nmore"'), call(3, 'a'))).to.eql({ minutes: [1, 2, 3], failed: 0 });
  });
});

describe('calllog: a log whose lines end with a return alone', () => {
  const CSV = { ...ASTERISK, dialect: 'csv' };
  const call = (minute: number, note: string) => `2026-11-20 10:0${minute}:00;040777000${minute};100;60;${note}`;

  it('is read line by line, a bad one by its number', async () => {
    const lines = ['start;from;to;duration;note', call(1, 'a'), 'no record', call(2, '"said ""no"""'), call(3, 'c')];
    for (const mark of ['', '\uFEFF'])
      for (const end of ['', '\r']) {
        const { items, failed } = await importText(CSV, mark + lines.join('\r') + end);
        expect(items.map(({ occurredAt }) => occurredAt.getUTCMinutes())).to.deep.equal([1, 2, 3]);
        expect(failed.map(({ reason }) => reason.slice(0, 9))).to.deep.equal(['Record 3:']);
      }
  });
});

describe('calllog: a compressed log', function () {
  this.timeout(20_000);
  let folder: Awaited<ReturnType<typeof makeFolder>>;
  let spool: Awaited<ReturnType<typeof makeFolder>>;
  beforeEach(async () => {
    folder = await makeFolder();
    spool = await makeFolder();
  });
  afterEach(() => Promise.all([folder.remove(), spool.remove()]));

  const account = (config: object) => ({ ...(accountOf(config) as object), spool: spool.path }) as never;
  const take = (name: string, beside?: { name: string; path: string }[]) =>
    gather(
      connector.importFile?.(
        account(ASTERISK),
        { name, path: join(folder.path, name), ...(beside ? { beside } : {}) },
        new AbortController().signal,
      ),
    );

  it('is read as what it was, with its recordings; nothing of it is left unpacked', async () => {
    const log = await folder.put('Master.csv.1.gz', gzipSync(logOf(line(1), 'no record', line(2))));
    const sound = await folder.put('q-1795161600.2.wav', wave(1));
    const { items, failed } = await take(log.name, [log, sound]);
    expect(items.map(({ kind }) => kind)).to.deep.equal(['interaction', 'interaction', 'recording']);
    expect(failed.map(({ reason }) => reason).join()).to.match(/^Record 2/);
    const plain = await importText(ASTERISK, logOf(line(1), 'no record', line(2)));
    expect([items[0], failed[0]].map(one => JSON.stringify(one))).to.deep.equal(
      [plain.items[0], plain.failed[0]].map(one => JSON.stringify(one)),
    );
    expect((await take(sound.name, [log, sound])).failed).to.deep.equal([]);
    expect(await readdir(spool.path)).to.deep.equal([]);
  });

  it('is read up to where it is damaged, and kept as it is', async () => {
    const lines = Array.from({ length: 400 }, (_, n) => eighteen({ from: `04012${n * 37}` }, `1795161600.${n}`));
    const packed = gzipSync(logOf(...lines));
    const cut = packed.subarray(0, packed.length / 2);
    await folder.put('Master.csv.2.gz', cut);
    const { items, failed } = await take('Master.csv.2.gz');
    expect(items.length).to.be.within(20, 399);
    expect(failed.map(({ reason }) => reason).join()).to.match(/^This compressed file is damaged/);
    expect(Buffer.concat((await failed[0]?.raw?.open().toArray()) ?? []).equals(cut)).to.equal(true);
    await folder.put('twice.gz', gzipSync(packed));
    expect((await take('twice.gz')).failed[0]?.reason).to.match(/twice/);
  });

  it('is told from a spreadsheet, which is to be saved as CSV', async () => {
    const entry = (name: string, content = '') => `PK\x03\x04${'\x14\x00'.padEnd(26, '\0')}${name}${content}`;
    const files = [
      entry('[Content_Types].xml'),
      entry('docProps/app.xml', 'x'.repeat(500)) + entry('xl/workbook.xml'),
      entry('mimetype', 'application/vnd.oasis.opendocument.spreadsheet'),
      `\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1${'\0'.repeat(500)}`,
    ];
    for (const [n, content] of files.entries()) {
      await folder.put(`${n}.xlsx`, Buffer.from(content, 'latin1'));
      expect((await take(`${n}.xlsx`)).failed.map(({ reason }) => reason).join()).to.match(/save it as CSV/);
    }
    await folder.put('recordings.zip', Buffer.from(entry('a.wav'), 'latin1'));
    expect((await take('recordings.zip')).failed[0]?.reason).to.match(/archive/);
  });

  it('is read in a watched folder, once; what is no log there is told of', async () => {
    await folder.put('Master.csv', HOLED);
    await folder.put('Master.csv.1.gz', gzipSync(logOf(line(8))));
    await folder.put('Master.csv.2.bz2', BZIP2);
    let stored: Batch['next'] | null = null;
    const checkpoints: Checkpoints = {
      get: async () => stored && structuredClone(stored),
      held: async function* () {},
      compared: async () => undefined,
      lag: () => undefined,
    };
    const ids: string[] = [];
    const reasons: string[] = [];
    const stop = new AbortController();
    const config = { ...ASTERISK, directory: folder.path };
    for await (const batch of connector.pull?.(account(config), checkpoints, stop.signal) ?? []) {
      ids.push(...idsOf(batch.items));
      reasons.push(...batch.failed.map(({ reason }) => reason));
      stored = batch.next;
      if (ids.length + reasons.length >= 6) stop.abort();
    }
    expect(ids.sort()).to.deep.equal(['.1', '.2', '.4', '.8']);
    expect(reasons.sort().join('; ')).to.match(/^Record 3: .*zero bytes.*; This is an archive/);
  });
});
