import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { soundOf } from '../../../connectors/calllog/files/audio.ts';
import type { ImportFile } from '../../../connectors/contract.ts';
import { eighteen, wave } from './lines.ts';
import { ASTERISK, accountOf, connector, gather, makeFolder, onlyCall } from './support.ts';

describe('calllog: recordings', () => {
  let folder: Awaited<ReturnType<typeof makeFolder>>;
  beforeEach(async () => {
    folder = await makeFolder();
  });
  afterEach(() => folder.remove());

  const take = (file: ImportFile, beside?: ImportFile[]) =>
    gather(
      connector.importFile?.(
        accountOf(ASTERISK),
        { ...file, ...(beside ? { beside } : {}) },
        new AbortController().signal,
      ),
    );
  const names = ({ items }: Awaited<ReturnType<typeof take>>) =>
    items.filter(({ kind }) => kind === 'recording').map(({ belongsTo, parts }) => [belongsTo, parts[0]?.name]);

  it('finds them by the name that the record gives, with or without its path and ending, and by the id in the name', async () => {
    const log = await folder.put(
      'Master.csv',
      [
        eighteen({}, '1795161600.1', '/var/spool/monitor/One.WAV'),
        eighteen({}, '1795161600.2', 'monitor/two'),
        eighteen({}, '1795161600.3'),
        eighteen({}, '1795161600.33'),
      ].join('\n'),
    );
    const sounds = await Promise.all(
      ['one.wav', 'two.mp3', 'q-100-1795161600.3.ogg', 'x-1795161600.333.wav'].map((name, n) =>
        folder.put(name, wave(n + 1)),
      ),
    );
    const all = [...sounds, log];
    expect(names(await take(log, all))).to.deep.equal([
      ['call/1795161600.1', 'one.wav'],
      ['call/1795161600.2', 'two.mp3'],
      ['call/1795161600.3', 'q-100-1795161600.3.ogg'],
    ]);
    const taken = await Promise.all(sounds.map(sound => take(sound, all)));
    expect(taken.flatMap(({ items }) => items)).to.deep.equal([]);
    const failed = taken.flatMap(each => each.failed);
    expect(failed.map(({ reason }) => reason)).to.deep.equal([
      'No call in the log that came with it names this recording.',
    ]);
    expect(Buffer.concat((await failed[0]?.raw?.open().toArray()) ?? []).equals(wave(4))).to.equal(true);
  });

  it('finds them beside a log that is imported where it lies, in a folder, and in a folder named with the log', async () => {
    const log = await folder.put('Master.csv', eighteen({}, '1795161600.1', 'a.wav'));
    await folder.put('a.wav', wave(1));
    const found = [['call/1795161600.1', 'a.wav']];
    expect(names(await take(log))).to.deep.equal(found);
    expect(names(await take({ name: 'folder', path: folder.path }))).to.deep.equal(found);
    const other = await makeFolder();
    const apart = await other.put('Master.csv', eighteen({}, '1795161600.1', 'deep.wav'));
    await mkdir(join(folder.path, '2026'));
    await folder.put('2026/deep.wav', wave(2));
    const directory = { name: 'recordings', path: folder.path };
    expect(names(await take(apart, [apart, directory]))).to.deep.equal([['call/1795161600.1', 'deep.wav']]);
    await other.remove();
  });

  it('has both of two files of one name', async () => {
    await folder.put('Master.csv', eighteen({}, '1795161600.1'));
    for (const [n, side] of ['in', 'out'].entries()) {
      await mkdir(join(folder.path, side));
      await folder.put(`${side}/1795161600.1.wav`, wave(n + 1));
    }
    const { details } = onlyCall((await take({ name: 'folder', path: folder.path })).items);
    expect(details.recordings.map(({ durationSeconds }) => durationSeconds)).to.deep.equal([1, 2]);
    expect(new Set(details.recordings.map(({ part }) => part)).size).to.equal(2);
    expect(details.recordings[0]?.externalId, 'as it always was').to.equal('1795161600.1.wav');
  });

  it('passes over what lies under a name that begins with a dot, in a folder that is imported', async () => {
    await folder.put('Master.csv', eighteen({}, '1795161600.1', 'a.wav'));
    for (const name of ['.incoming', '.incoming/old']) await mkdir(join(folder.path, name));
    for (const name of ['.half.csv', '.incoming/Master.csv', '.incoming/old/Master.csv'])
      await folder.put(name, eighteen({}, '1795161600.2', 'b.wav'));
    const { items, failed } = await take({ name: 'folder', path: folder.path });
    expect(failed).to.deep.equal([]);
    expect(items.map(({ sourceKey }) => sourceKey.split('/')[1])).to.deep.equal(['1795161600.1']);
  });

  it('finds 3CX’s by who called whom and when, in the account’s time zone', async () => {
    const call = (id: string, from: string, to: string, hour: number) =>
      `00000158A1_${id},Call ${id},00:00:50,2026/11/20 ${hour}:00:00,2026/11/20 ${hour}:00:05,2026/11/20 ${hour}:01:00,TerminatedBySrc,${from},${to},,,${to.replace('Ext.', '')},,,,,,,,,,,,,,,`;
    const log = await folder.put(
      'cdr.log',
      [
        call('9', '+358401234567', 'Ext.100', 10),
        call('10', 'Ext.100', '0407654321', 11),
        call('11', '0401234567', 'Ext.101', 10),
      ].join('\n'),
    );
    const sounds = await Promise.all(
      [
        '[Marja Korpela]_0401234567-100_20261120100005(9).wav',
        '[]_100-0407654321_20261120110005(10).wav',
        '[]_0401234567-100_20261120100105(9).wav',
        '[]_0401234567-102_20261120100005(9).wav',
        '[]_0401234567-100_20269920100005(9).wav',
      ].map((name, n) => folder.put(name, wave(n + 1))),
    );
    const all = [log, ...sounds];
    const config = { ...ASTERISK, dialect: '3cx' };
    const read = (file: ImportFile) =>
      gather(connector.importFile?.(accountOf(config), { ...file, beside: all }, new AbortController().signal));
    expect(names(await read(log))).to.deep.equal([
      ['call/00000158A1_9', sounds[0]?.name],
      ['call/00000158A1_10', sounds[1]?.name],
    ]);
    const failed = await Promise.all(sounds.map(async sound => (await read(sound)).failed.length));
    expect(failed).to.deep.equal([0, 0, 1, 1, 1]);
  });

  it('takes no extension, number or day in a name for the id of a call', async () => {
    const config = { ...ASTERISK, dialect: 'csv' };
    const call = (id: string) => `${id},2026-11-20 10:15:00,0401234567,0931570000,65`;
    const ids = ['1001', '0401234567', '20261120', '101500', '20261120-101500', '1002', 'B-77', 'c0ffee'];
    const log = await folder.put('calls.csv', ['id,start,from,to,duration', ...ids.map(call)].join('\n'));
    for (const name of ['20261120-101500_1001_0401234567.wav', '1002.wav', 'x_B-77_1.wav', 'in-c0ffee-1.wav', '77.wav'])
      await folder.put(name, wave(1));
    const taken = await gather(connector.importFile?.(accountOf(config), log, new AbortController().signal));
    expect(names(taken)).to.deep.equal([
      ['call/1002', '1002.wav'],
      ['call/B-77', 'x_B-77_1.wav'],
    ]);
  });

  it('one without a log waits for its call by the id in its name, or is failed', async () => {
    const named = await folder.put('call-1795161600.1.wav', wave(1));
    expect(names(await take(named))).to.deep.equal([['call/1795161600.1', 'call-1795161600.1.wav']]);
    const nameless = await folder.put('hello.wav', wave(1));
    expect((await take(nameless)).failed[0]?.reason).to.match(/holds no id/);
  });

  it('the same sound under another name is the same recording; what it says of itself is read', async () => {
    const log = await folder.put('Master.csv', eighteen({}, '1795161600.1', 'a.wav'));
    await folder.put('a.wav', wave(2, 2));
    const first = await take(log);
    await folder.put('a-1795161600.1.wav', wave(2, 2));
    const keys = (await take(log)).items.map(({ sourceKey }) => sourceKey);
    expect(new Set(keys)).to.deep.equal(new Set(first.items.map(({ sourceKey }) => sourceKey)));
    expect(soundOf(wave(2, 2), wave(2, 2).length)).to.deep.equal({ durationSeconds: 2, channels: 2 });
    const broken = wave(2);
    broken.writeUInt32LE(0xffffffff, 40);
    expect(soundOf(broken, broken.length)).to.deep.equal({ durationSeconds: 2, channels: 1 });
    expect(soundOf(Buffer.from('ID3 and more of an MP3'), 22)).to.deep.equal({});
  });
});
