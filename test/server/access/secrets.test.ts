import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { readSecretFile } from '../../../server/access/secret-file.ts';
import { openSecrets, WrongSecret } from '../../../server/access/secrets.ts';
import { freshStore } from '../../support/capture.ts';

const OLD = 'the old secret of this hub';
const NEW = 'the new secret of this hub';

const fails = async (work: Promise<unknown>): Promise<Error> => {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).to.be.instanceOf(Error);
  return error as Error;
};

describe('access: secrets', () => {
  let store: Awaited<ReturnType<typeof freshStore>>;
  beforeEach(async () => {
    store = await freshStore();
  });
  afterEach(() => store.close());

  const addAccount = (id: string, sealed: string) =>
    store.models.accounts.create({
      _id: id,
      connector: 'email',
      name: id,
      config: {},
      sealed,
      state: 'running',
      createdAt: new Date(),
    });

  it('open what they sealed, for whom it was sealed, and as it was', async () => {
    const sealer = await openSecrets(store.models, { secret: OLD });
    const sealed = sealer.seal('a', { password: 'hunter2' });
    expect(sealed).to.not.include('hunter2');
    expect(sealer.seal('a', { password: 'hunter2' })).to.not.equal(sealed);
    expect(sealer.open('a', sealed)).to.eql({ password: 'hunter2' });
    expect(() => sealer.open('b', sealed)).to.throw();
    const parts = sealed.split('.');
    parts[3] = Buffer.from(Buffer.from(parts[3] ?? '', 'base64url').map(byte => byte ^ 1)).toString('base64url');
    expect(() => sealer.open('a', parts.join('.'))).to.throw();
    parts[2] = (parts[2] ?? '').slice(0, 6);
    expect(() => sealer.open('a', parts.join('.'))).to.throw();
  });

  it('refuse to start with another secret than the database was made with', async () => {
    await openSecrets(store.models, { secret: OLD });
    await openSecrets(store.models, { secret: OLD });
    const error = await fails(openSecrets(store.models, { secret: NEW }));
    expect(error).to.be.instanceOf(WrongSecret);
    expect(error.message).to.include('TALTEEN_SECRET_PREVIOUS').and.not.include(NEW);
    expect(JSON.stringify(await store.models.meta.find().lean())).to.not.include(OLD);
  });

  it('are sealed anew when the secret changes, also after a kill in between', async () => {
    const before = await openSecrets(store.models, { secret: OLD });
    const first = before.seal('one', { password: 'p1' });
    await addAccount('one', first);
    await addAccount('two', before.seal('two', { password: 'p2' }));
    const during = await openSecrets(store.models, { secret: NEW, previous: OLD });
    expect(during.resealed).to.equal(2);
    await store.models.accounts.updateOne({ _id: 'one' }, { $set: { sealed: first } }); // as if killed after the second
    expect((await openSecrets(store.models, { secret: NEW, previous: OLD })).resealed).to.equal(1);
    const after = await openSecrets(store.models, { secret: NEW });
    for (const [id, password] of [
      ['one', 'p1'],
      ['two', 'p2'],
    ] as const) {
      const sealed = (await store.models.accounts.findById(id).lean())?.sealed ?? '';
      expect(after.open(id, sealed)).to.eql({ password });
    }
    expect(await fails(openSecrets(store.models, { secret: OLD }))).to.be.instanceOf(WrongSecret);
  });
});

describe('access: the secret of a hub that was given none', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'talteen-secret-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('is made once, also by two that start together, and only its owner reads it', async () => {
    const secrets = await Promise.all(Array.from({ length: 8 }, () => readSecretFile(join(folder, 'data'))));
    expect(new Set(secrets).size).to.equal(1);
    expect(secrets[0]).to.have.length(43);
    expect((await stat(join(folder, 'data', 'secret'))).mode & 0o777).to.equal(0o600);
    expect((await readFile(join(folder, 'data', 'secret'), 'utf8')).trim()).to.equal(secrets[0]);
    expect(await readSecretFile(join(folder, 'data'))).to.equal(secrets[0]);
  });

  it('is refused when others may read it or when it is none', async () => {
    await readSecretFile(folder);
    await chmod(join(folder, 'secret'), 0o644);
    expect((await fails(readSecretFile(folder))).message).to.include('0600');
    await chmod(join(folder, 'secret'), 0o600);
    await writeFile(join(folder, 'secret'), '');
    expect((await fails(readSecretFile(folder))).message).to.include('backup');
  });
});
