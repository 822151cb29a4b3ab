import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect } from 'chai';

const run = promisify(execFile);

describe('the program', () => {
  it('says that a word is no command, and starts nothing', async () => {
    const failed = await run(process.execPath, ['--import=tsx', 'server/main.ts', 'impotr', 'mails/']).catch(
      error => error,
    );
    expect([failed.code, failed.stderr.split('\n')[0]]).to.deep.equal([2, "error: unknown command 'impotr'"]);
    expect(failed.stderr).to.include('import [options] <path...>');
  });
});
