import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { readConfig } from '../../../config/index.ts';
import { contactsImport } from '../../../server/cli/contacts-import.ts';
import { CommandFailed } from '../../../server/cli/context.ts';
import { failWithoutRoom } from '../../../server/cli/files.ts';
import { importFiles } from '../../../server/cli/import.ts';
import { makeLog } from '../../../server/logging.ts';

describe('cli: imports', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'talteen-cli-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const failure = async (work: Promise<unknown>): Promise<string> => {
    const error: unknown = await work.catch(caught => caught);
    expect(error, `${error}`).to.be.instanceOf(CommandFailed);
    return (error as Error).message;
  };

  it('fail at what can not be imported, before a database is opened', async () => {
    const context = { config: readConfig({ TALTEEN_DATA: folder }), log: makeLog('silent'), startedByNpx: false };
    const gone = join(folder, 'gone');
    expect(await failure(contactsImport(context, folder))).to.equal(`${folder} is a folder: name the file in it.`);
    expect(await failure(contactsImport(context, gone))).to.equal(`${gone} can't be read: is the name right?`);
    expect(await failure(importFiles(context, [folder, gone], 'imports'))).to.equal(
      `${gone} can't be read: is the name right?`,
    );
  });

  it('take nothing in while there is too little free disk', async () => {
    const looked: string[] = [];
    const diskWith = (room: boolean) => ({
      look: async () => void looked.push('free disk'),
      hasRoom: () => room && looked.length > 0,
    });
    await failWithoutRoom({ disk: diskWith(true) });
    expect(await failure(failWithoutRoom({ disk: diskWith(false) }))).to.include('too little free disk');
  });
});
