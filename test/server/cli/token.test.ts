import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { readConfig } from '../../../config/index.ts';
import { createToken } from '../../../server/cli/token.ts';
import { type Core, openCore } from '../../../server/core.ts';
import { makeLog } from '../../../server/logging.ts';
import { freshDb } from '../../support/mongod.ts';

const PROGRAM = fileURLToPath(new URL('../../../server/main.ts', import.meta.url));

describe('cli: token create', () => {
  let folder: string;
  let env: Record<string, string>;
  let core: Core;
  const log = makeLog('silent');
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'token-'));
    const { uri } = await freshDb();
    env = { TALTEEN_DATA: folder, MONGODB_URI: uri, TALTEEN_SECRET: 'a secret of the tests', LOG_LEVEL: 'silent' };
    core = await openCore(readConfig(env), log);
  });
  after(async () => {
    await core.close();
    await rm(folder, { recursive: true, force: true });
  });

  const create = (...words: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> =>
    new Promise(resolve => {
      const child = spawn(process.execPath, ['--import=tsx', PROGRAM, 'token', 'create', ...words], {
        env: { PATH: process.env.PATH ?? '', ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const said = { stdout: '', stderr: '' };
      child.stdout.on('data', chunk => (said.stdout += chunk));
      child.stderr.on('data', chunk => (said.stderr += chunk));
      child.once('close', code => resolve({ code, ...said }));
    });

  it('limits a token of any role to an account', async () => {
    const account = await core.accounts.create({ connector: 'chat', name: 'Web shop', config: {}, state: 'running' });
    const { code, stdout, stderr } = await create('reports', '--role', 'agent', '--account', 'web SHOP');
    expect(code, stderr).to.equal(0);
    const who = await core.access.authenticate({ headers: {}, token: stdout.trim() });
    expect(who).to.deep.include({ name: 'reports', role: 'agent', accounts: [account._id] });
  });

  it('is wrong use for a source without an account, and fails for an account that is not there', async () => {
    const wrong = await create('x', '--role', 'source');
    expect(wrong.code).to.equal(2);
    expect(wrong.stderr).to.include('--account');
    const config = readConfig(env);
    const failed = await createToken({ config, log, startedByNpx: false }, 'x', {
      role: 'agent',
      account: 'none',
    }).catch((error: Error) => error.message);
    expect(failed).to.equal('There is no account named none.');
  });
});
