import { dirname } from 'node:path';
import { expect } from 'chai';
import { makeRegister } from '../../../server/register/index.ts';
import { csvFile } from './csv-file.ts';
import { actor, startRegister, type TestRegister } from './support.ts';

describe('register/csv-import: faults', () => {
  let register: TestRegister;
  before(async () => {
    register = await startRegister();
  });
  after(async () => {
    await register.imports.stop();
    await register.stop();
  });

  const accept = async (imports: TestRegister['imports'], text: string) =>
    imports.accept({ who: 'user-1', file: await csvFile(text) });

  it('fails where the file can not be read, and those behind it go on', async () => {
    const { path } = await csvFile('');
    const folder = { name: 'folder', path: dirname(path), size: 0 };
    const { id, done } = await register.imports.accept({ who: 'cli', file: folder, uploaded: false });
    const next = await accept(register.imports, 'external_id,first_name\nF-1,Ann\n');
    await Promise.all([done, next.done]);
    const { state, error } = (await register.imports.get(id)) ?? {};
    expect([state, error]).to.deep.equal(['failed', "This file can't be read (EISDIR)."]);
    expect((await register.imports.get(next.id))?.counts).to.deep.include({ created: 1 });
  });

  /** Imports of which the first that is read fails once. */
  const failing = (error: Error) => {
    const { deps, models } = register;
    let left = 1;
    const imports = new Proxy(models.imports, {
      get: (target, name) => {
        if (name === 'findOne' && left-- > 0) throw error;
        const value = Reflect.get(target, name);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    return makeRegister({ ...deps, models: { ...models, imports } }).imports;
  };
  const lastName = async (imports: TestRegister['imports'], externalId: string) => {
    const accepted: Promise<void>[] = [];
    for (const name of ['First', 'Second'])
      accepted.push((await accept(imports, `external_id,last_name\n${externalId},${name}\n`)).done);
    await Promise.all(accepted);
    return (await register.contacts.upsertByExternalId(externalId, {}, actor)).contact.name.last;
  };

  it('goes behind those that wait after a fault of its own; when the database is away, all wait in their order', async () => {
    expect(await lastName(failing(new TypeError('no such thing')), 'O-1')).to.equal('First');
    const away = Object.assign(new Error('away'), { name: 'MongoNetworkError' });
    expect(await lastName(failing(away), 'O-2')).to.equal('Second');
  });
});
