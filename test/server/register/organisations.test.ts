import { expect } from 'chai';
import { FieldErrors } from '../../../server/errors.ts';
import { NotInRegister, RegisterConflict } from '../../../server/register/errors.ts';
import { failure } from './failure.ts';
import { actor, hours, startRegister, type TestRegister } from './support.ts';

const email = (value: string) => ({ type: 'email', value });

describe('register/organisations', () => {
  let register: TestRegister;
  before(async () => {
    register = await startRegister();
  });
  after(() => register.stop());

  it('are created, changed, shown and found', async () => {
    const { organisations } = register;
    const input = {
      name: ' Tunturilahden  yliopisto ',
      domains: ['Tunturilahti.EXAMPLE', '@yö.example'],
      externalId: 'O-1',
    };
    const made = await organisations.create({ ...input, relationship: { startedAt: '2020-01-31T23:00:00Z' } }, actor);
    expect(made).to.deep.include({
      name: 'Tunturilahden yliopisto',
      domains: ['tunturilahti.example', 'xn--y-1ga.example'],
      relationship: { startedAt: '2020-02-01', endedAt: null },
      externalId: 'O-1',
    });
    expect(await organisations.get(made.id)).to.deep.equal(made);
    const { organisation, outcome } = await organisations.patch(
      made.id,
      { name: 'Tunturilahti', domains: null },
      actor,
    );
    expect(outcome).to.equal('changed');
    expect(organisation).to.deep.include({ name: 'Tunturilahti', domains: [], externalId: 'O-1' });
    expect((await organisations.patch(made.id, { name: 'Tunturilahti' }, actor)).outcome).to.equal('unchanged');
    expect((await organisations.list({ q: 'tuntu' })).items.map(({ id }) => id)).to.deep.equal([made.id]);
    expect((await organisations.list({ q: 'yliopisto' })).items).to.deep.equal([]);
    const { items } = await organisations.history(made.id, {});
    expect(items.map(({ changes }) => changes.map(({ field }) => field))).to.deep.equal([
      ['name', 'domains'],
      ['name', 'domains', 'relationship.startedAt', 'externalId'],
    ]);
    await failure(organisations.get('none'), NotInRegister);
    await failure(organisations.patch('none', {}, actor), NotInRegister);
  });

  it('have a name, domains and external id of their own', async () => {
    const { organisations, contacts } = register;
    const { id } = await organisations.create({ name: 'Own Oy', domains: ['own.example'], externalId: 'E-1' }, actor);
    const refused = (input: object) =>
      failure(organisations.create({ name: 'Other', ...input }, actor), RegisterConflict);
    expect(await refused({ name: 'OWN  oy' })).to.include({ owner: id, of: 'organisation', pointer: '/name' });
    expect(await refused({ domains: ['x.example', 'own.example'] })).to.include({ owner: id, pointer: '/domains/1' });
    expect(await refused({ externalId: 'E-1' })).to.include({ owner: id, pointer: '/externalId' });
    await contacts.create({ externalId: 'E-1' }, actor);
    await organisations.patch(id, { name: 'Renamed Oy', domains: [], externalId: null }, actor);
    const heir = await organisations.create({ name: 'Own Oy', domains: ['own.example'], externalId: 'E-1' }, actor);
    expect(heir.id).to.not.equal(id);
  });

  it('name every faulty field at once', async () => {
    const { errors } = await failure(
      register.organisations.create(
        {
          domains: ['gmail.com', 'ok.example', 'co.uk', 'no domain', 'kolumbus.fi', 'localhost'],
          relationship: { startedAt: 'x' },
        },
        actor,
      ),
      FieldErrors,
    );
    expect(errors.map(({ pointer }) => pointer)).to.deep.equal([
      ...['/name', '/domains/0', '/domains/2', '/domains/3', '/domains/4', '/domains/5', '/relationship/startedAt'],
    ]);
    const input = { name: 'Late', relationship: { startedAt: '2024-01-02', endedAt: '2024-01-01' } };
    await failure(register.organisations.create(input, actor), FieldErrors);
  });

  it('of one name asked for by many contacts at once are one', async () => {
    const { contacts, models } = register;
    const names = ['Ässä Oy', 'ÄSSÄ OY', 'ässä  oy', 'A\u0308ssa\u0308 Oy'];
    await Promise.all(names.map(organisation => contacts.create({ organisation }, actor)));
    expect(await models.keys.countDocuments({ _id: 'organisation:ässä oy' })).to.equal(1);
    const [organisation] = (await register.organisations.list({ q: 'ässä' })).items;
    expect(await models.contacts.countDocuments({ organisation: organisation?.id ?? '' })).to.equal(4);
  });

  it('are found by contacts by id too', async () => {
    const { id } = await register.organisations.create({ name: 'By Id Oy' }, actor);
    for (const organisation of [{ id }, id, 'by id oy', { name: 'By Id Oy' }])
      expect((await register.contacts.create({ organisation }, actor)).organisation?.id).to.equal(id);
  });

  it('are listed by name, page by page', async () => {
    const own = await startRegister();
    for (const name of ['C', 'A', 'B', 'E', 'D']) await own.organisations.create({ name }, actor);
    const first = await own.organisations.list({ limit: 2 });
    const second = await own.organisations.list({ limit: 2, before: first.next ?? undefined });
    const third = await own.organisations.list({ limit: 2, before: second.next ?? undefined });
    expect([first, second, third].map(({ items }) => items.map(({ name }) => name).join(''))).to.deep.equal([
      'AB',
      'CD',
      'E',
    ]);
    expect(third.next).to.equal(null);
    await own.stop();
  });

  it('are listed as a reader looks them up, å, ä and ö after z, without a gap or a double at a page', async () => {
    const own = await startRegister();
    const names = ['abc Oy', 'Abd Oy', 'Éclair', 'eclipse', 'Zeta', 'Åbo', 'Älvi', 'äyri', 'Öljy 1', 'öljy 2'];
    for (const name of [...names].reverse()) await own.organisations.create({ name }, actor);
    const paged = async (limit: number, q?: string): Promise<string[]> => {
      const found: string[] = [];
      let before: string | undefined;
      do {
        const { items, next } = await own.organisations.list({ limit, before, q });
        found.push(...items.map(({ name }) => name));
        before = next ?? undefined;
      } while (before !== undefined);
      return found;
    };
    for (const limit of [1, 2, 3, 200]) expect(await paged(limit)).to.deep.equal(names);
    expect(await paged(1, 'ö')).to.deep.equal(['Öljy 1', 'öljy 2']);
    const indexes = await own.models.organisations.listIndexes();
    expect(indexes.map(({ name }) => name)).to.include('name_order');
    await own.stop();
  });

  it('give their new name to the words that find their contacts', async () => {
    const { organisations, contacts } = register;
    const { id } = await organisations.create({ name: 'Vanhanimi Oy' }, actor);
    const contact = await contacts.create({ organisation: { id } }, actor);
    await organisations.patch(id, { name: 'Uusinimi Oy' }, actor);
    expect((await contacts.list({ q: 'uusinimi' })).items.map(one => one.id)).to.deep.equal([contact.id]);
    expect((await contacts.list({ q: 'vanhanimi' })).items).to.deep.equal([]);
    const relationship = { startedAt: null, endedAt: '2024-03-31' };
    await organisations.patch(id, { relationship }, actor);
    expect((await contacts.get(contact.id)).organisation).to.deep.equal({ id, name: 'Uusinimi Oy', relationship });
  });

  describe('by mail domain', () => {
    it('get the contacts there that have none, nearest domain first', async () => {
      const { organisations, contacts, provisional, capture, tagsOf } = register;
      const sub = await contacts.create({ identifiers: [email('a@sub.dom.example')] }, actor);
      const other = await contacts.create(
        { identifiers: [email('b@dom.example')], organisation: 'Elsewhere Oy' },
        actor,
      );
      const unknown = await provisional([email('c@dom.example')]);
      const faculty = await contacts.create({ identifiers: [email('d@fac.dom.example')] }, actor);
      const near = await organisations.create({ name: 'Faculty', domains: ['fac.dom.example'] }, actor);
      await capture(sub.id, hours('2024-03-10T10:00:00Z', 1));
      await register.models.contacts.updateOne({ _id: faculty.id }, { $set: { organisation: null } });
      await register.models.contacts.updateMany(
        { _id: unknown },
        { $set: { search: ['c@dom.example', 'dom.example'] } },
      );
      const { id } = await organisations.create(
        { name: 'Domain Oy', domains: ['dom.example'], relationship: { endedAt: '2024-01-01' } },
        actor,
      );
      expect((await contacts.get(sub.id)).organisation?.id).to.equal(id);
      expect(await tagsOf(sub.id)).to.deep.equal([['customer-relationship', '2024-03-10', '2029-03-10']]);
      expect((await contacts.get(other.id)).organisation?.name).to.equal('Elsewhere Oy');
      expect(await contacts.get(unknown)).to.deep.include({
        provisional: true,
        organisation: { id, name: 'Domain Oy', relationship: { startedAt: null, endedAt: '2024-01-01' } },
      });
      expect((await contacts.get(faculty.id)).organisation).to.equal(null);
      expect(near.domains).to.deep.equal(['fac.dom.example']);
      const { items } = await contacts.history(sub.id, {});
      expect(items[0]?.changes).to.deep.equal([{ field: 'organisation', old: null, new: id }]);
      const later = await contacts.create({ identifiers: [email('e@x.dom.example')] }, actor);
      expect(later.organisation?.id).to.equal(id);
      const none = await contacts.create({ identifiers: [email('f@dom.example')], organisation: null }, actor);
      expect(none.organisation).to.equal(null);
      expect((await contacts.patch(none.id, { name: { first: 'F' } }, actor)).contact.organisation).to.equal(null);
    });

    it('get them by a job when they are many', async () => {
      const { organisations, contacts, models, jobs } = register;
      for (let i = 0; i < 105; i++) await contacts.create({ identifiers: [email(`p${i}@crowd.example`)] }, actor);
      const { id } = await organisations.create({ name: 'Crowd', domains: ['crowd.example'] }, actor);
      expect(await models.contacts.countDocuments({ organisation: id })).to.equal(0);
      expect(await models.jobs.countDocuments({ _id: `link-organisation:${id}` })).to.equal(1);
      await jobs.drain();
      expect(await models.contacts.countDocuments({ organisation: id })).to.equal(105);
      const late = { 'p105@crowd.example': id, 'p106@crowd.example': null };
      for (const address of Object.keys(late)) {
        const identifiers = [email(address)];
        await contacts.create(
          { identifiers, ...(late[address as keyof typeof late] ? { organisation: null } : {}) },
          actor,
        );
      }
      const out = (await contacts.list({ q: 'p106@crowd.example' })).items[0]?.id ?? '';
      await contacts.patch(out, { organisation: null }, actor);
      await models.jobs.updateMany({ target: id }, { $set: { createdAt: new Date() } });
      await jobs.drain();
      for (const [address, organisation] of Object.entries(late))
        expect((await contacts.list({ q: address })).items[0]?.organisation?.id ?? null).to.equal(organisation);
      expect(await models.jobs.countDocuments({ target: id })).to.equal(0);
    });
  });
});
