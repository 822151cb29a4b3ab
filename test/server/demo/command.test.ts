import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { atEnd } from '../../support/closers.ts';

/** As users run it: compiled, by the set-up of `npm test`. */
const PROGRAM = fileURLToPath(new URL('../../../dist/server/main.js', import.meta.url));
const LINE = /^Talteen listens on (\S+) - sign in as (\S+) with the password (\S+)\n$/;
const NOT_OURS = /^(TALTEEN_|MONGODB_URI$|HOST$|PORT$|NODE_OPTIONS$|LOG_LEVEL$)/;

interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** The command in a process of its own, in a working directory of its own. */
const runDemo = (cwd: string, env: Record<string, string>) => {
  const others = Object.entries(process.env).filter(([name]) => !NOT_OURS.test(name));
  const child = spawn(process.execPath, [PROGRAM, 'demo'], {
    cwd,
    env: { ...Object.fromEntries(others), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { stdout: '', stderr: '' };
  const ended = new Promise<Ended>(resolve => child.once('exit', code => resolve({ code, ...said })));
  const line = new Promise<string>((resolve, reject) => {
    child.stdout.on('data', chunk => {
      said.stdout += chunk;
      if (said.stdout.includes('\n')) resolve(said.stdout);
    });
    void ended.then(({ stderr }) => reject(new Error(`It ended: ${stderr}`)));
  });
  line.catch(() => undefined);
  child.stderr.on('data', chunk => {
    said.stderr += chunk;
  });
  const stop = (signal: NodeJS.Signals = 'SIGTERM') => {
    if (child.exitCode === null) child.kill(signal);
    return ended;
  };
  const forget = atEnd(async () => void (await stop('SIGKILL')));
  void ended.then(forget);
  return { line, stop };
};

const signIn = async (address: string, email: string, password: string) => {
  const answer = await fetch(`${address}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: address },
    body: JSON.stringify({ email, password }),
  });
  const cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const get = async (path: string) => {
    const page = await fetch(`${address}/api/v1${path}`, { headers: { cookie } });
    return (await page.json()) as { items: Record<string, unknown>[] };
  };
  return { status: answer.status, get };
};

const started = async (demo: ReturnType<typeof runDemo>) => {
  const [, address = '', email = '', password = ''] = LINE.exec(await demo.line) ?? [];
  return { address, email, password };
};

const YEAR_MS = 365 * 86_400_000;

describe('the command `demo`', () => {
  let cwd: string;
  before(async () => {
    cwd = await mkdtemp(join(tmpdir(), 'tdc-'));
  });
  after(() => rm(cwd, { recursive: true, force: true }));

  it('reaches timelines with what its one line says, and goes on with the same desk at the next start', async function () {
    this.timeout(120_000);
    const first = runDemo(cwd, { PORT: '0' });
    const { address, email, password } = await started(first);
    const { status, get } = await signIn(address, email, password);
    expect(status).to.be.within(200, 204);

    const { items: contacts } = await get('/contacts?limit=200');
    const known = contacts.filter(({ provisional }) => !provisional);
    expect(known).to.have.length(40);
    expect(contacts.length).to.be.above(known.length);
    const talkative = known.find(({ lastEntry }) => lastEntry);
    const { items: entries } = await get(`/contacts/${talkative?.id}/timeline`);
    expect(entries[0]).to.have.nested.property('retention.policy', 'customer-relationship');
    expect((await get('/unlinked')).items).to.not.be.empty;
    expect((await get('/quarantine')).items).to.have.length(1);
    const { items: captured } = await get('/interactions?limit=200');
    expect(captured).to.have.length(200);
    const times = known.map(({ lastEntry }) => Date.parse((lastEntry as { at?: string } | null)?.at ?? ''));
    expect(Math.max(...times.filter(time => !Number.isNaN(time)))).to.be.above(Date.now() - YEAR_MS);

    const { code, stdout } = await first.stop();
    expect(code).to.equal(0);
    expect(stdout).to.match(LINE);
    expect(await readdir(cwd)).to.deep.equal(['data-demo']);

    const second = runDemo(cwd, { PORT: '0' });
    const again = await started(second);
    expect(again.email).to.equal(email);
    expect(again.password).to.not.equal(password);
    const later = await signIn(again.address, again.email, again.password);
    expect((await signIn(again.address, email, password)).status).to.equal(401);
    expect((await later.get('/contacts?limit=200')).items.filter(({ provisional }) => !provisional)).to.have.length(40);
    expect((await later.get('/quarantine')).items).to.have.length(1);
    expect((await second.stop('SIGINT')).code).to.equal(0);
  });
});
