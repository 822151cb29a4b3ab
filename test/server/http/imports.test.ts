import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect } from 'chai';
import { batchOf } from '../../support/capture.ts';
import { mail, type Reply, sha256, startApp, type TestApp, TOKENS } from './support.ts';

const SECRET = 'hunter2-hunter2';
const mailbox = { host: 'imap.varaamo.example', user: 'tuki@varaamo.example', password: SECRET };

/** A form that doesn't say how long it is: 65 MB of one file. */
function* ofUnknownLength() {
  yield '--b\r\ncontent-disposition: form-data; name="file"; filename="x"\r\n\r\n';
  for (let n = 0; n < 65; n++) yield Buffer.alloc(1024 * 1024, 'x');
  yield '\r\n--b--\r\n';
}

describe('http: imports and quarantine', () => {
  let app: TestApp;
  before(async () => {
    app = await startApp();
  });
  after(() => app.close());

  const until = async (path: string, state: string) => {
    for (let i = 0; i < 100; i++) {
      const { body } = await app.as('GET', path);
      if (body.state === state) return body;
      await new Promise(resolve => setTimeout(resolve, 50));
    }
    throw new Error(`${path} is never ${state}`);
  };
  const form = (...fields: [string, string | Blob, string?][]): FormData => {
    const made = new FormData();
    for (const [name, value, file] of fields)
      typeof value === 'string' ? made.append(name, value) : made.append(name, value, file ?? 'x');
    return made;
  };
  const uploads = () => readdir(join(app.dataDir, 'uploads')).catch(() => []);
  /** They go when the import is over, which is told before. */
  const uploadsGone = async (): Promise<void> => {
    for (let i = 0; i < 100 && (await uploads()).length > 0; i++) await new Promise(resolve => setTimeout(resolve, 50));
    expect(await uploads()).to.eql([]);
  };

  it('takes files and their account in any order, by its id or name, and keeps them until they are captured', async () => {
    const account = (
      await app.as('POST', 'accounts', { json: { connector: 'email', name: 'Archive', config: mailbox } })
    ).body;
    for (const named of [account.id, 'archive']) {
      const sent = await app.as('POST', 'imports', {
        body: form(['file', new Blob(['one']), 'ä.eml'], ['account', named], ['file', new Blob(['two']), 'b.mbox']),
      });
      expect(sent.status, JSON.stringify(sent.body)).to.equal(202);
      expect(sent.body).to.deep.include({ account: account.id, error: null });
      expect(sent.body.files.map(({ name, size }: { name: string; size: number }) => [name, size])).to.eql([
        ['ä.eml', 3],
        ['b.mbox', 3],
      ]);
      const done = await until(`imports/${sent.body.id}`, 'done');
      expect(done.counts).to.eql({ read: 0, stored: 0, duplicate: 0, quarantined: 0 });
    }
    expect((await app.as('GET', 'imports')).body.items).to.have.length(2);
    await uploadsGone();
  });

  it('has an account of its own for files that name none', async () => {
    const sent = await app.as('POST', 'imports', { body: form(['file', new Blob(['x'])]) });
    expect(sent.status).to.equal(202);
    expect((await app.as('GET', `accounts/${sent.body.account}`)).body).to.include({
      name: 'imports',
      state: 'paused',
    });
    await until(`imports/${sent.body.id}`, 'done');
  });

  it('pages through imports, newest first, and shows only those of the accounts one may see', async () => {
    const made: string[] = [];
    for (const name of ['one.eml', 'two.eml', 'three.eml']) {
      const { body } = await app.as('POST', 'imports', { body: form(['file', new Blob([name]), name]) });
      made.unshift(body.id);
      await until(`imports/${body.id}`, 'done');
    }
    const seen: string[] = [];
    for (let next: string | null = ''; next !== null && seen.length < 3; ) {
      const page: Reply = await app.as('GET', `imports?limit=1${next && `&before=${next}`}`);
      expect(page.status, JSON.stringify(page.body)).to.equal(200);
      seen.push(...page.body.items.map(({ id }: { id: string }) => id));
      next = page.body.next;
    }
    expect(seen).to.eql(made);
    const { account } = (await app.as('GET', `imports/${made[0]}`)).body;
    for (const [accounts, sees] of [
      [[account], true],
      [['another'], false],
    ] as const) {
      const value = `token-of-one-who-sees-${accounts[0]}`;
      await app.access.tokens.create({ name: value, role: 'administrator', account: accounts[0], value });
      const page = await app.send('GET', 'imports', { token: value });
      expect(page.status, JSON.stringify(page.body)).to.equal(200);
      expect(page.body.items.length > 0).to.equal(sees);
    }
  });

  it('leaves nothing of what it refuses', async () => {
    for (const [body, pointer] of [
      [form(['account', 'imports']), '/file'],
      [form(['account', 'none'], ['file', new Blob(['x'])]), '/account'],
    ] as const) {
      const refused = await app.as('POST', 'imports', { body });
      expect(refused.status).to.equal(422);
      expect(refused.body.errors[0].pointer).to.equal(pointer);
    }
    const cut = '--b\r\ncontent-disposition: form-data; name="file"; filename="x"\r\n\r\nhalf';
    expect(
      (await app.as('POST', 'imports', { body: cut, headers: { 'content-type': 'multipart/form-data; boundary=b' } }))
        .status,
    ).to.equal(400);
    expect(await uploads()).to.eql([]);
  });

  it('imports contacts from CSV, bad lines by number', async () => {
    const csv = 'external_id,first_name,email\n1,Päivi,paivi@kuusilahti.example\n,Nobody,x@y.example\n';
    const sent = await app.as('POST', 'contacts/imports', { body: form(['file', new Blob([csv]), 'contacts.csv']) });
    expect(sent.status, JSON.stringify(sent.body)).to.equal(202);
    const done = await until(`contacts/imports/${sent.body.id}`, 'done');
    expect(done.counts).to.eql({ read: 2, created: 1, changed: 0, unchanged: 0, rejected: 1 });
    expect(done.errors.map(({ line }: { line: number }) => line)).to.eql([3]);
    expect((await app.as('GET', `imports/${sent.body.id}`)).status).to.equal(404);
    expect((await app.as('POST', 'contacts/imports', { body: form(['x', 'y']) })).status).to.equal(422);
  });

  it('shows what is in quarantine, with its bytes or why there are none', async () => {
    const bytes = Buffer.from('broken');
    const raw = { type: 'message/rfc822', size: 6, sha256: sha256(bytes), bytes, open: () => Readable.from([bytes]) };
    const failed = [
      { locator: 'x', reason: 'It breaks off.', size: 6, raw },
      { locator: 'y', reason: 'Its server refuses it.', sighting: { folder: 'INBOX', uidValidity: '7', uid: 3 } },
    ];
    await app.hub.take([batchOf([], { failed, next: {} })], { account: 'q', connector: mail });
    const { body } = await app.as('GET', 'quarantine?account=q');
    expect(
      body.items.map(({ account, reason, state, hasBytes, folder }: Record<string, unknown>) => [
        account,
        reason,
        state,
        hasBytes,
        folder,
      ]),
    ).to.have.deep.members([
      ['q', 'It breaks off.', 'open', true, null],
      ['q', 'Its server refuses it.', 'open', false, 'INBOX'],
    ]);
    const [with_, without] = ['x', 'y'].map(reason =>
      body.items.find(({ hasBytes }: { hasBytes: boolean }) => hasBytes === (reason === 'x')),
    );
    expect((await app.as('GET', `quarantine/${with_.id}/raw`)).bytes.toString()).to.equal('broken');
    const read = (await app.as('GET', 'access-log?limit=1')).body.items[0];
    expect(read).to.deep.include({ action: 'quarantine:raw', quarantined: { id: with_.id, account: 'q' } });
    const none = await app.as('GET', `quarantine/${without.id}/raw`);
    expect([none.status, none.body.detail]).to.eql([404, 'There are no bytes of this item: it could not be fetched.']);
    const replayed = await app.as('POST', `quarantine/${without.id}/replay`);
    expect(replayed.body).to.deep.include({ id: without.id, state: 'open', reason: 'Its account is gone.' });
    expect((await app.as('GET', 'quarantine?account=other')).body.items).to.eql([]);
    const first = await app.as('GET', 'quarantine?limit=1');
    const second = await app.as('GET', `quarantine?limit=1&before=${first.body.next}`);
    expect(second.body.items[0].id).to.not.equal(first.body.items[0].id);
    expect(second.body.next).to.equal(null);
  });

  it('takes in nothing while the disk is full, and no upload for which it has no room, before it comes or while it does', async () => {
    const disk = { free: 1000, seen: 1000 };
    const hasRoom = (bytes = 0) => disk.seen >= bytes;
    const lookAtDisk = async () => {
      disk.seen = disk.free;
    };
    const low = await startApp({ hasRoom, lookAtDisk });
    const token = { authorization: `Bearer ${TOKENS.administrator}` };
    try {
      for (const path of ['imports', 'contacts/imports']) {
        const { status, body } = await low.as('POST', path, { body: form(['file', new Blob(['x'.repeat(2000)])]) });
        expect(status, path).to.equal(507);
        expect(body.detail).to.match(/^There is too little free disk for 1 MB: make room/);
      }
      disk.free = -1;
      const headers = { ...token, 'content-type': 'multipart/form-data; boundary=b' };
      const sending = request(`${low.base}/api/v1/imports`, { method: 'POST', headers });
      Readable.from(ofUnknownLength()).pipe(sending);
      expect((await once(sending, 'response'))[0].statusCode).to.equal(503);
      expect(await readdir(join(low.dataDir, 'uploads'))).to.eql([]);
      for (const path of ['imports', 'contacts/imports']) {
        expect((await low.as('POST', path, { body: form(['file', new Blob(['x'])]) })).status, path).to.equal(503);
      }
      expect((await low.send('GET', '/readyz')).body).to.eql({ status: 'ok', intake: false });
    } finally {
      await low.close();
    }
  });
});
