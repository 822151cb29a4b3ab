import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { generateContacts, generateMails, type SampleMail, SUPPORT_ADDRESS } from '../../samples/index.ts';
import { NOW } from './parsed.ts';

const COUNT = 40;
const run = (out: string, ...more: string[]) =>
  execFileSync(
    process.execPath,
    [
      '--import=tsx',
      'samples/write.ts',
      '--out',
      out,
      '--count',
      String(COUNT),
      '--seed',
      '9',
      '--now',
      NOW.toISOString(),
      '--mean-bytes',
      '9000',
      ...more,
    ],
    { stdio: 'pipe' },
  );

describe('samples: write', () => {
  let dir: string;
  const mails: readonly SampleMail[] = [...generateMails({ seed: 9, count: COUNT, now: NOW, meanBytes: 9000 })];
  const inbox = mails.filter(({ folder }) => folder === 'INBOX');
  const sent = mails.filter(({ folder }) => folder === 'Sent');

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'samples-'));
  });
  afterEach(() => {
    rmSync(dir, { recursive: true });
  });

  it("writes one .eml a mail, byte for byte, with the mail's date", () => {
    run(dir, '--format', 'eml');
    for (const [folder, list] of [
      ['INBOX', inbox],
      ['Sent', sent],
    ] as const) {
      const names = readdirSync(join(dir, folder)).sort();
      expect(names).to.have.length(list.length);
      names.forEach((name, i) => {
        expect(readFileSync(join(dir, folder, name)).equals(list[i]?.raw ?? Buffer.alloc(0))).to.equal(true);
        expect(statSync(join(dir, folder, name)).mtimeMs).to.be.closeTo(list[i]?.date.getTime() ?? 0, 1000);
      });
    }
  });

  it('writes one mbox a folder that gives the mails back', () => {
    run(dir, '--format', 'mbox');
    const text = readFileSync(join(dir, 'INBOX.mbox'), 'latin1');
    const bodies = text
      .split(/^From [^\n]*\n/m)
      .slice(1)
      .map(body => body.replace(/^>(>*From )/gm, '$1').trimEnd());
    expect(bodies).to.deep.equal(inbox.map(({ raw }) => raw.toString('latin1').replace(/\r\n/g, '\n').trimEnd()));
    expect(text.startsWith(`From ${SUPPORT_ADDRESS} `)).to.equal(true);
    expect(text).to.match(/^From \S+ \w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4}\n/);
  });

  it('writes a Maildir with its folders', () => {
    run(dir, '--format', 'maildir');
    expect(readdirSync(join(dir, 'cur'))).to.have.length(inbox.length);
    expect(readdirSync(join(dir, '.Sent', 'cur'))).to.have.length(sent.length);
    expect(readdirSync(dir).sort()).to.deep.equal(['.Sent', 'cur', 'new', 'tmp']);
  });

  it('writes the register on request', () => {
    run(join(dir, 'mail'), '--contacts', join(dir, 'contacts.csv'));
    expect(readFileSync(join(dir, 'contacts.csv'), 'utf8')).to.equal(generateContacts({ seed: 9, now: NOW }).contacts);
  });

  it('says what is wrong with its use, and exits with 2', () => {
    const { status, stderr } = spawnSync(
      process.execPath,
      ['--import=tsx', 'samples/write.ts', '--out', dir, '--count', 'many'],
      { encoding: 'utf8' },
    );
    expect(status).to.equal(2);
    expect(stderr).to.include('whole number');
  });
});
