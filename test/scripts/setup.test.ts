import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';

const path = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url));

const node = async (...args: string[]) => {
  const child = spawn(process.execPath, args, { cwd: path('.'), stdio: ['ignore', 'pipe', 'pipe'] });
  const [out, words, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { out, words, code };
};

describe('set-up', () => {
  it('has nothing to do in a folder that is set up, says nothing on stdout, and may run twice at once', async () => {
    const both = await Promise.all([
      node(path('scripts/setup.mjs'), 'check'),
      node(path('scripts/setup.mjs'), 'check'),
    ]);
    for (const { out, words, code } of both) expect({ out, code }, words).to.deep.equal({ out: '', code: 0 });
  });

  it('refuses, in words, what it does not know', async () => {
    const { out, words, code } = await node(path('scripts/setup.mjs'), 'everything');
    expect({ out, code }).to.deep.equal({ out: '', code: 1 });
    expect(words).to.include('Not a set-up: everything (start, test, check)');
  });

  describe('its lock', () => {
    let dir: string;
    const locked = (work: string) => {
      const library = JSON.stringify(path('scripts/setup/lock.mjs'));
      const lock = JSON.stringify(join(dir, 'lock'));
      const code = `const { withLock } = await import(${library}); await withLock(${lock}, async () => { ${work} });`;
      return node('--input-type=module', '-e', code);
    };

    beforeEach(async () => {
      dir = await mkdtemp(join(tmpdir(), 'tsu-'));
    });
    afterEach(() => rm(dir, { recursive: true }));

    it('lets one in at a time', async () => {
      const log = JSON.stringify(join(dir, 'log'));
      const work = `const { appendFile } = await import('node:fs/promises');
        await appendFile(${log}, 'in '); await new Promise(done => setTimeout(done, 50)); await appendFile(${log}, 'out ');`;
      const all = await Promise.all([1, 2, 3, 4].map(() => locked(work)));
      expect(all.map(({ code }) => code)).to.deep.equal([0, 0, 0, 0]);
      expect(await readFile(join(dir, 'log'), 'utf8')).to.equal('in out '.repeat(4));
    });

    it('passes over one that was killed', async () => {
      await writeFile(join(dir, 'lock'), String(2 ** 22 + 1));
      expect((await locked("console.log('in');")).out).to.equal('in\n');
    });

    it('passes over one whose pid another process has by now', async () => {
      await writeFile(join(dir, 'lock'), String(process.pid));
      await utimes(join(dir, 'lock'), new Date(0), new Date(0));
      expect((await locked("console.log('in');")).out).to.equal('in\n');
    });
  });
});
