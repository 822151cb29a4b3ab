import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { makeRegister } from '../../../server/register/index.ts';
import { csvFile } from './csv-file.ts';
import { actor, hours, startRegister, type TestRegister } from './support.ts';

const header = 'external_id,first_name,last_name,organisation,email,phone,username,relationship_start,relationship_end';

describe('register/csv-import', () => {
  let register: TestRegister;
  before(async () => {
    register = await startRegister();
  });
  after(async () => {
    await register.imports.stop();
    await register.stop();
  });

  const importText = async (content: string | Uint8Array, columns = header) => {
    const body = typeof content === 'string' ? `${columns}\n${content}` : content;
    const { id, done } = await register.imports.accept({ who: 'user-1', file: await csvFile(body) });
    await done;
    const job = await register.imports.get(id);
    if (!job) throw new Error('the import is gone');
    return job;
  };
  const byId = (externalId: string) =>
    register.contacts.upsertByExternalId(externalId, {}, actor).then(({ contact }) => contact);
  const crowd = (prefix: string, count: number) =>
    Array.from(
      { length: count },
      (_, i) =>
        `${prefix}-${i},First${i},"Last ""${i}""",${prefix} org ${i % 20},${prefix}${i}@crowd-${prefix}.example,,,2020-01-01,`,
    ).join('\n');

  it('creates contacts with all their columns', async () => {
    const job = await importText(
      'I-1,Päivi,Mäkelä,Hietasuon kunta,"Paivi@Hietasuo.example;p2@hietasuo.example",040 123 4567,PMakela,2020-01-31T23:00:00Z,2024-12-31\nI-2,,,,,,,,\n',
    );
    expect(job).to.deep.include({
      state: 'done',
      error: null,
      errors: [],
      counts: { read: 2, created: 2, changed: 0, unchanged: 0, rejected: 0 },
    });
    expect(job.endedAt).to.be.instanceOf(Date);
    expect(existsSync(job.files[0]?.path ?? '')).to.equal(false);
    const contact = await byId('I-1');
    expect(contact).to.deep.include({
      name: { first: 'Päivi', last: 'Mäkelä' },
      identifiers: [
        { type: 'email', value: 'paivi@hietasuo.example' },
        { type: 'email', value: 'p2@hietasuo.example' },
        { type: 'phone', value: '+358401234567' },
        { type: 'username', value: 'pmakela' },
      ],
      relationship: { startedAt: '2020-02-01', endedAt: '2024-12-31' },
      provisional: false,
    });
    expect(contact.organisation?.name).to.equal('Hietasuon kunta');
    const { items } = await register.contacts.history(contact.id, {});
    expect(items[0]).to.include({ who: 'user-1', source: 'csv-import' });
  });

  it('an empty cell or missing column changes nothing, a hyphen clears', async () => {
    await importText('E-1,Ann,Lee,Some Oy,ann@e.example,+358401111111,ann,2020-01-01,2024-01-01\n');
    const some = await importText('E-1,,Li,,,-,,,-\n');
    expect(some.counts).to.deep.include({ changed: 1 });
    expect(await byId('E-1')).to.deep.include({
      name: { first: 'Ann', last: 'Li' },
      identifiers: [
        { type: 'email', value: 'ann@e.example' },
        { type: 'username', value: 'ann' },
      ],
      relationship: { startedAt: '2020-01-01', endedAt: null },
    });
    const few = await importText('-;E-1;-;"a1@e.example;a2@e.example"\n', 'First_Name;EXTERNAL_ID;Organisation;Email');
    expect(few.counts).to.deep.include({ changed: 1 });
    expect(await byId('E-1')).to.deep.include({
      name: { first: null, last: 'Li' },
      organisation: null,
      identifiers: [
        { type: 'username', value: 'ann' },
        { type: 'email', value: 'a1@e.example' },
        { type: 'email', value: 'a2@e.example' },
      ],
    });
  });

  it('a second time all is unchanged; a later line of the same id changes', async () => {
    const text = `${crowd('twice', 30)}\ntwice-0,Later,,,,,,,\n`;
    expect((await importText(text)).counts).to.deep.equal({
      read: 31,
      created: 30,
      changed: 1,
      unchanged: 0,
      rejected: 0,
    });
    expect((await byId('twice-0')).name.first).to.equal('Later');
    const same = crowd('twice', 30).split('\n').slice(1).join('\n');
    expect((await importText(same)).counts).to.deep.equal({
      read: 29,
      created: 0,
      changed: 0,
      unchanged: 29,
      rejected: 0,
    });
  });

  it('reports bad lines by their number and imports the rest', async () => {
    const known = await byId('R-known');
    await register.contacts.patch(known.id, { identifiers: [{ type: 'email', value: 'known@r.example' }] }, actor);
    const job = await importText(
      [
        'R-1,"two\nlines",,,,,,,',
        ',No,Id,,,,,,',
        'R-2,,,,not an address,,,,',
        'R-3,,,,"ok@r.example;bad",112,,,',
        'R-4,,,,,,,2024-02-30,soon',
        'R-5,,,,,,,2024-01-02,2024-01-01',
        'R-6,,,,KNOWN+x@r.example,,,,',
        'R-7,,,,,,,,,surplus',
        'R-8,un"quoted,,,,,,,',
        '-,Hyphen,,,,,,,',
        'R-9,ok,,,,,,,,',
        'R-10',
      ].join('\n'),
    );
    expect(job.state).to.equal('done');
    expect(job.counts).to.deep.equal({ read: 12, created: 3, changed: 0, unchanged: 0, rejected: 9 });
    expect(job.errors).to.deep.equal([
      { line: 4, detail: 'external_id: missing' },
      { line: 5, detail: 'email: not an e-mail address' },
      { line: 6, detail: 'email (value 2): not an e-mail address; phone: not a possible public phone number' },
      {
        line: 7,
        detail: ['start', 'end']
          .map(end => `relationship_${end}: not a day (YYYY-MM-DD) or instant (ISO 8601)`)
          .join('; '),
      },
      { line: 8, detail: 'relationship_end: before the start, 2024-01-02' },
      { line: 9, detail: `email: The identifier belongs to contact ${known.id} already` },
      { line: 10, detail: 'more fields than the header has' },
      { line: 11, detail: 'a quote inside an unquoted field' },
      { line: 12, detail: 'external_id: missing' },
    ]);
  });

  it('lines that stand side by side see each other', async () => {
    const job = await importText(
      [
        'S-1,,,New Oy,s@s.example,,,,',
        'S-2,,,new oy,S+tag@s.example,,,,',
        'S-3,,,NEW OY,,,,,',
        'S-1,Sam,,,-,,,,',
        'S-2,,,,s@s.example,,,,',
      ].join('\n'),
    );
    expect(job.counts).to.deep.equal({ read: 5, created: 3, changed: 1, unchanged: 0, rejected: 1 });
    expect(job.errors.map(({ line }) => line)).to.deep.equal([3]);
    const [first, second, third] = [await byId('S-1'), await byId('S-2'), await byId('S-3')];
    expect(first.identifiers).to.deep.equal([]);
    expect(second.identifiers).to.deep.equal([{ type: 'email', value: 's@s.example' }]);
    expect(third.organisation?.id).to.equal(first.organisation?.id);
    expect(await register.models.identifiers.findById('email:s@s.example').lean()).to.deep.include({
      contact: second.id,
    });
  });

  it('says which columns it ignored, and refuses a file that it can’t know contacts by', async () => {
    const job = await importText('U-1,x,y\n', 'external_id,fax,first_name');
    expect(job.counts).to.deep.include({ created: 1, rejected: 0 });
    expect(job.errors).to.have.lengthOf(1);
    expect(job.errors[0]).to.deep.include({ line: 1 });
    expect(job.errors[0]?.detail).to.include('"fax"');
    for (const [text, word] of [
      ['name,email\nx,y\n', 'external_id'],
      ['external_id,email,E-mail,email\n1,,,\n', 'email'],
      ['', 'empty'],
      ['\u0000\u0001', 'text'],
    ] as const) {
      const refused = await importText(Buffer.from(text));
      expect(refused.state).to.equal('failed');
      expect(refused.error).to.include(word);
    }
  });

  it('tells the first 1,000 faults and counts all', async () => {
    const job = await importText(Array.from({ length: 1100 }, (_, i) => `,x${i}`).join('\n'));
    expect(job.counts).to.deep.include({ read: 1100, rejected: 1100 });
    expect(job.errors).to.have.lengthOf(1000);
    expect(job.errors[999]?.line).to.equal(1001);
  });

  it('absorbs the provisional contact of an address and stamps its timeline', async () => {
    const unknown = await register.provisional([{ type: 'email', value: 'new@a.example' }]);
    await register.capture(unknown, hours('2024-03-10T10:00:00Z', 2));
    await importText('A-1,Ann,,,new@a.example,,,,2024-02-29\n');
    const { id } = await byId('A-1');
    expect((await register.contacts.get(unknown)).id).to.equal(id);
    expect(await register.wrongTags(id)).to.deep.equal([]);
  });

  it('goes on after a kill, and counts each line once', async () => {
    const { models, connection, deps, uri } = register;
    const total = 800;
    const file = await csvFile(`${header}\n${crowd('kill', total)}\n`);
    const script = fileURLToPath(new URL('csv-child.ts', import.meta.url));
    const child = spawn(process.execPath, ['--import=tsx', script, uri, connection.name, file.path], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = await once(child.stdout, 'data');
    const id = String(line).trim();
    while (((await models.imports.findById(id).lean())?.counts.read ?? 0) < 100)
      await new Promise(resolve => setTimeout(resolve, 5));
    child.kill('SIGKILL');
    await once(child, 'exit');
    const left = await models.imports.findById(id).lean();
    expect(left?.state).to.equal('running');
    expect(left?.counts.read).to.be.within(100, total - 1);

    const [one, other] = [makeRegister(deps).imports, makeRegister(deps).imports];
    await Promise.all([one.start(), other.start()]);
    while ((await models.imports.findById(id).lean())?.state === 'running')
      await new Promise(resolve => setTimeout(resolve, 20));
    await Promise.all([one.stop(), other.stop()]);
    expect((await register.imports.get(id))?.counts).to.deep.equal({
      read: total,
      created: total,
      changed: 0,
      unchanged: 0,
      rejected: 0,
    });
    expect(await models.contacts.countDocuments({ externalId: /^kill-/ })).to.equal(total);
    expect(await models.organisations.countDocuments({ name: /^kill org/ })).to.equal(20);
    expect(existsSync(file.path), 'a file that is not ours stays').to.equal(true);
  });

  it('stops where it is and goes on from there', async () => {
    const { deps, models } = register;
    const first = makeRegister(deps).imports;
    const { id, done } = await first.accept({
      who: 'user-1',
      file: await csvFile(`${header}\n${crowd('stop', 400)}\n`),
    });
    while (((await models.imports.findById(id).lean())?.counts.read ?? 0) < 20)
      await new Promise(resolve => setTimeout(resolve, 5));
    await first.stop();
    await done;
    expect((await register.imports.get(id))?.state).to.equal('running');
    const second = makeRegister(deps).imports;
    await second.start();
    while ((await models.imports.findById(id).lean())?.state === 'running')
      await new Promise(resolve => setTimeout(resolve, 20));
    await second.stop();
    expect((await second.get(id))?.counts).to.deep.equal({
      read: 400,
      created: 400,
      changed: 0,
      unchanged: 0,
      rejected: 0,
    });
  });
});
