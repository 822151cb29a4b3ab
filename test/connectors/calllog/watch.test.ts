import { mkdir, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { makeCalllogConnector } from '../../../connectors/calllog/index.ts';
import { lookInto, type Seen } from '../../../connectors/calllog/watch/directory.ts';
import { dueOf, note, settle } from '../../../connectors/calllog/watch/documents.ts';
import { positionOf, stateOf } from '../../../connectors/calllog/watch/state.ts';
import type { Checkpoints, ConnectorError } from '../../../connectors/contract.ts';
import { ASTERISK, accountOf, connector, makeFolder } from './support.ts';

describe('calllog: a watched folder', () => {
  let folder: Awaited<ReturnType<typeof makeFolder>>;
  beforeEach(async () => {
    folder = await makeFolder();
    await mkdir(join(folder.path, 'watched'));
  });
  afterEach(() => folder.remove());

  const look = async (): Promise<Seen[]> => (await lookInto(join(folder.path, 'watched'))).logs;
  const namesOf = (logs: readonly Seen[]) => logs.map(({ name }) => name).sort();

  it('passes over what lies in a folder whose name begins with a dot', async () => {
    await mkdir(join(folder.path, 'watched/.incoming/deep'), { recursive: true });
    for (const name of ['.a', '.incoming/b', '.incoming/deep/c', 'd']) await folder.put(`watched/${name}`, '');
    expect(namesOf(await look())).to.deep.equal(['d']);
  });

  it('is none that overlaps the hub’s own folder by the time it is looked into', async () => {
    const [directory, dataDir] = [join(folder.path, 'watched/link'), join(folder.path, 'data')];
    const nearby = makeCalllogConnector({ country: 'FI', zone: 'Europe/Helsinki', dataDir });
    for (const name of ['elsewhere', 'data']) await mkdir(join(folder.path, name));
    const why = async (): Promise<string> => {
      const checkpoints = { get: async () => null, lag: () => undefined } as unknown as Checkpoints;
      const pulled = nearby.pull?.(accountOf({ ...ASTERISK, directory }), checkpoints, AbortSignal.timeout(100));
      try {
        for await (const _ of pulled ?? []) return 'read';
        return 'looked into';
      } catch (error) {
        return (error as ConnectorError).remedy;
      }
    };
    for (const [to, expected] of [
      [join(folder.path, 'elsewhere'), 'looked into'],
      [dataDir, 'stop'],
      [folder.path, 'stop'],
    ] as const) {
      await symlink(to, directory);
      expect(await why(), to).to.equal(expected);
      await rm(directory);
    }
  });

  it('is looked into by "test connection", which says what it finds or why it can not', async () => {
    await folder.put('watched/Master.csv', '');
    const tested = async (path: string) => {
      const account = accountOf({ ...ASTERISK, directory: join(folder.path, path) });
      for await (const rung of connector.test?.(account) ?? []) return rung;
      return undefined;
    };
    expect(await tested('watched')).to.include({ name: 'folder', ok: true });
    expect((await tested('watched'))?.detail).to.include('Logs: 1');
    expect(await tested('watchd')).to.include({ name: 'folder', ok: false });
    expect((await tested('watchd'))?.detail).to.include('ENOENT');
  });

  it('has all documents read of a folder that is moved there with them, once', async () => {
    await mkdir(join(folder.path, 'backlog'));
    for (const name of ['1', '2']) await folder.put(`backlog/${name}`, '');
    await new Promise(resolve => setTimeout(resolve, 10));
    await folder.put('watched/10', '');
    const watch = { state: stateOf(null), read: new Set<string>() };
    const readAll = async () => {
      const logs = await look();
      const due = dueOf(watch, logs);
      for (const document of due) note(watch, document);
      settle(watch, logs);
      return namesOf(due);
    };
    expect(await readAll()).to.deep.equal(['10']);
    await rename(join(folder.path, 'backlog'), join(folder.path, 'watched/backlog'));
    const [first] = dueOf(watch, await look());
    expect(first?.name).to.equal('backlog/1');
    if (first) note(watch, first);
    expect(namesOf(dueOf(watch, await look())), 'it is still being read').to.deep.equal(['backlog/2']);
    expect(await readAll()).to.deep.equal(['backlog/2']);
    expect(await readAll()).to.deep.equal([]);
    await folder.put('watched/backlog/3', '');
    expect(await readAll()).to.deep.equal(['backlog/3']);
    expect(dueOf({ state: stateOf(positionOf(watch.state)), read: new Set() }, await look())).to.deep.equal([]);
    const { folders: _, ...older } = positionOf(watch.state) as { folders: string[] };
    expect(dueOf({ state: stateOf(older), read: new Set() }, await look()), 'of an earlier version').to.deep.equal([]);
  });
});
