import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { clearOldUploads } from '../../../server/jobs/uploads.ts';
import { freshStore } from '../../support/capture.ts';

const HOUR = 3600_000;

describe('jobs: uploads that a kill left', () => {
  let store: Awaited<ReturnType<typeof freshStore>>;
  let data: string;
  before(async () => {
    [store, data] = await Promise.all([freshStore(), mkdtemp(join(tmpdir(), 'talteen-uploads-'))]);
  });
  after(() => Promise.all([store.close(), rm(data, { recursive: true, force: true })]));

  /** Ages in hours: of the folder, and of the file in it. */
  const upload = async (name: string, folderAge: number, fileAge: number): Promise<string> => {
    const folder = join(data, 'uploads', name);
    const path = join(folder, '0');
    await mkdir(folder, { recursive: true });
    await writeFile(path, 'From anna@customer.example');
    for (const [at, age] of [
      [path, fileAge],
      [folder, folderAge],
    ] as const) {
      const moment = new Date(Date.now() - age * HOUR);
      await utimes(at, moment, moment);
    }
    return path;
  };
  const importOf = (path: string, state: 'running' | 'done') =>
    store.models.imports.create({
      _id: path,
      kind: 'interactions',
      account: 'a',
      who: 'w',
      dataId: 'd',
      uploaded: true,
      state,
      files: [{ name: '0', path, size: 1 }],
      createdAt: new Date(Date.now() - 40 * HOUR),
    });

  it('go once nothing was written to them for a day, unless an import is to read them', async () => {
    await upload('cut-off', 30, 25);
    await upload('being-received', 30, 0);
    await upload('fresh', 1, 1);
    await importOf(await upload('to-be-read', 40, 40), 'running');
    await importOf(await upload('read', 40, 40), 'done');
    await clearOldUploads(store.models, data);
    expect(await readdir(join(data, 'uploads'))).to.have.members(['being-received', 'fresh', 'to-be-read']);
  });

  it('are none where nothing was ever uploaded', async () => {
    await clearOldUploads(store.models, join(data, 'none'));
    expect(await readdir(data)).not.to.include('none');
  });
});
