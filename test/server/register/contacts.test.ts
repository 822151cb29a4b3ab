import { expect } from 'chai';
import { FieldErrors, NotInRegister, RegisterConflict } from '../../../server/register/errors.ts';
import type { ContactInput } from '../../../server/register/types.ts';
import { failure } from './failure.ts';
import { actor, hours, startRegister, type TestRegister } from './support.ts';

const email = (value: string) => ({ type: 'email', value });
const phone = (value: string) => ({ type: 'phone', value });

describe('register/contacts', () => {
  let register: TestRegister;
  before(async () => {
    register = await startRegister({ isOurs: ({ value }) => value === 'tuki@varaamo.example' });
  });
  after(() => register.stop());
  const keysOf = async (contact: string) =>
    (await register.models.identifiers.find({ contact }).sort({ _id: 1 }).lean()).map(({ _id }) => _id);

  it('creates one with all it can have, and shows it so', async () => {
    const { contacts, models } = register;
    const made = await contacts.create(
      {
        name: { first: ' Päivi ', last: 'Mäkelä' },
        organisation: 'Kuusilahden  kaupunki',
        identifiers: [email('Paivi@Kuusilahti.EXAMPLE'), phone('040 123 4567')],
        relationship: { startedAt: '2020-01-31T23:30:00Z', endedAt: null },
        externalId: 'C-1',
      },
      actor,
    );
    expect(made).to.deep.include({
      name: { first: 'Päivi', last: 'Mäkelä' },
      identifiers: [email('paivi@kuusilahti.example'), phone('+358401234567')],
      provisional: false,
      relationship: { startedAt: '2020-02-01', endedAt: null },
      externalId: 'C-1',
      lastEntry: null,
    });
    expect(made.organisation?.name).to.equal('Kuusilahden kaupunki');
    expect(await contacts.get(made.id)).to.deep.equal(made);
    expect(await keysOf(made.id)).to.deep.equal(['email:paivi@kuusilahti.example', 'phone:+358401234567']);
    const { items } = await contacts.history(made.id, {});
    expect(items).to.have.lengthOf(1);
    expect(items[0]).to.include(actor);
    expect(items[0]?.changes).to.deep.include({ field: 'name.first', old: null, new: 'Päivi' });
    expect(items[0]?.changes.map(({ field }) => field)).to.not.include('relationship.endedAt');
    expect(await models.organisations.countDocuments({ name: 'Kuusilahden kaupunki' })).to.equal(1);
  });

  it('merges objects, replaces arrays, clears by null and leaves alone what is not named', async () => {
    const { contacts } = register;
    const { id } = await contacts.create(
      {
        name: { first: 'A', last: 'B' },
        identifiers: [email('m1@x.example'), email('m2@x.example')],
        relationship: { startedAt: '2020-01-01' },
      },
      actor,
    );
    const { contact } = await contacts.patch(
      id,
      { name: { first: 'C' }, relationship: { endedAt: '2021-01-01' } },
      actor,
    );
    expect(contact).to.deep.include({
      name: { first: 'C', last: 'B' },
      relationship: { startedAt: '2020-01-01', endedAt: '2021-01-01' },
    });
    const second = await contacts.patch(id, { identifiers: [email('m2@x.example'), email('m3@x.example')] }, actor);
    expect(second.contact.identifiers).to.deep.equal([email('m2@x.example'), email('m3@x.example')]);
    expect(await keysOf(id)).to.deep.equal(['email:m2@x.example', 'email:m3@x.example']);
    const third = await contacts.patch(
      id,
      { name: null, identifiers: null, relationship: null, organisation: null },
      actor,
    );
    expect(third.contact).to.deep.include({ name: { first: null, last: null }, identifiers: [], organisation: null });
    expect(third.contact.relationship).to.deep.equal({ startedAt: null, endedAt: null });
    expect(await keysOf(id)).to.deep.equal([]);
    const history = (await contacts.history(id, {})).items;
    expect(history.map(row => row.changes.map(({ field }) => field))).to.deep.equal([
      ['name.first', 'name.last', 'identifiers', 'relationship.startedAt', 'relationship.endedAt'],
      ['identifiers'],
      ['name.first', 'relationship.endedAt'],
      ['name.first', 'name.last', 'identifiers', 'provisional', 'relationship.startedAt'],
    ]);
    expect(history[2]?.changes[0]).to.deep.equal({ field: 'name.first', old: 'A', new: 'C' });
  });

  it('a change that changes nothing leaves no trace', async () => {
    const { contacts, models } = register;
    const input = { name: { first: 'Same' }, identifiers: [email('same@x.example')], organisation: 'Same Oy' };
    const { id } = await contacts.create(input, actor);
    const was = await models.contacts.findById(id).lean();
    expect((await contacts.patch(id, input, actor)).outcome).to.equal('unchanged');
    expect(await models.contacts.findById(id).lean()).to.deep.equal(was);
    expect((await contacts.history(id, {})).items).to.have.lengthOf(1);
  });

  it('is created or changed by its external id', async () => {
    const { contacts } = register;
    const first = await contacts.upsertByExternalId(
      'X-1',
      { name: { first: 'A' }, identifiers: [email('x1@x.example')] },
      actor,
    );
    expect(first.outcome).to.equal('created');
    expect(first.contact.externalId).to.equal('X-1');
    const second = await contacts.upsertByExternalId('X-1', { name: { last: 'B' } }, actor);
    expect(second.outcome).to.equal('changed');
    expect(second.contact).to.deep.include({
      id: first.contact.id,
      name: { first: 'A', last: 'B' },
      identifiers: [email('x1@x.example')],
    });
    expect((await contacts.upsertByExternalId('X-1', { name: { last: 'B' } }, actor)).outcome).to.equal('unchanged');
    const wrong = await failure(contacts.upsertByExternalId('X-1', { externalId: 'X-2' }, actor), FieldErrors);
    expect(wrong.errors[0]?.pointer).to.equal('/externalId');
    await contacts.patch(first.contact.id, { externalId: 'X-3' }, actor);
    expect((await contacts.upsertByExternalId('X-1', {}, actor)).outcome).to.equal('created');
    expect((await contacts.upsertByExternalId('X-3', {}, actor)).contact.id).to.equal(first.contact.id);
  });

  it('many upserts of one external id at once make one contact', async () => {
    const { contacts, models } = register;
    const upserts = Array.from({ length: 6 }, (_, i) =>
      contacts.upsertByExternalId('X-many', { name: { first: `N${i}` }, organisation: 'Many Oy' }, actor),
    );
    const ids = new Set((await Promise.all(upserts)).map(({ contact }) => contact.id));
    expect(ids.size).to.equal(1);
    expect(await models.contacts.countDocuments({ externalId: 'X-many' })).to.equal(1);
    expect(await models.organisations.countDocuments({ name: 'Many Oy' })).to.equal(1);
  });

  it('names every faulty field at once', async () => {
    const { contacts, models } = register;
    const count = await models.contacts.countDocuments();
    const input: ContactInput = {
      name: { first: '' },
      identifiers: [
        email('nobody'),
        phone('112'),
        email('ok@x.example'),
        { type: 'username', value: ' ' },
        email('Tuki@varaamo.example'),
      ],
      relationship: { startedAt: '2023-02-29', endedAt: 'soon' },
      externalId: 'x'.repeat(201),
    };
    const { errors } = await failure(contacts.create(input, actor), FieldErrors);
    expect(errors.map(({ pointer }) => pointer)).to.have.members([
      ...[
        '/name/first',
        '/identifiers/0/value',
        '/identifiers/1/value',
        '/identifiers/3/value',
        '/identifiers/4/value',
      ],
      ...['/relationship/startedAt', '/relationship/endedAt', '/externalId'],
    ]);
    const late = await failure(
      contacts.create({ relationship: { startedAt: '2024-01-02', endedAt: '2024-01-01' } }, actor),
      FieldErrors,
    );
    expect(late.errors[0]?.pointer).to.equal('/relationship/endedAt');
    const { id } = await contacts.create({ relationship: { startedAt: '2024-01-02' } }, actor);
    await failure(contacts.patch(id, { relationship: { endedAt: '2024-01-01' } }, actor), FieldErrors);
    const stranger = await failure(contacts.create({ organisation: { id: 'none' } }, actor), FieldErrors);
    expect(stranger.errors[0]?.pointer).to.equal('/organisation/id');
    await failure(contacts.patch('nobody', {}, actor), NotInRegister);
    await failure(contacts.get('nobody'), NotInRegister);
    expect(await models.contacts.countDocuments()).to.equal(count + 1);
  });

  it('an identifier or external id of another contact is a conflict that names it', async () => {
    const { contacts } = register;
    const { id } = await contacts.create({ identifiers: [email('taken@x.example')], externalId: 'T-1' }, actor);
    const other = await contacts.create({ name: { first: 'Other' } }, actor);
    const conflict = await failure(
      contacts.patch(other.id, { identifiers: [email('free@x.example'), email('Taken+tag@x.example')] }, actor),
      RegisterConflict,
    );
    expect(conflict).to.include({ owner: id, pointer: '/identifiers/1', of: 'contact' });
    expect(await keysOf(other.id)).to.deep.equal([]);
    expect(await failure(contacts.create({ externalId: 'T-1' }, actor), RegisterConflict)).to.include({
      owner: id,
      pointer: '/externalId',
    });
    await contacts.patch(id, { identifiers: [], externalId: null }, actor);
    await contacts.patch(other.id, { identifiers: [email('taken@x.example')], externalId: 'T-1' }, actor);
    expect(await keysOf(other.id)).to.deep.equal(['email:taken@x.example']);
  });

  it('one identifier asked for by two at once goes to one of them', async () => {
    const { contacts } = register;
    for (let round = 0; round < 5; round++) {
      const input = { identifiers: [email(`race${round}@x.example`)] };
      const results = await Promise.allSettled([contacts.create(input, actor), contacts.create(input, actor)]);
      const failed = results.filter(result => result.status === 'rejected');
      expect(failed).to.have.lengthOf(1);
      expect(failed[0]?.reason).to.be.instanceOf(RegisterConflict);
    }
  });

  it('a tagged address keeps its mailbox’s key as long as one of them is there', async () => {
    const { contacts } = register;
    const { id } = await contacts.create({ identifiers: [email('p@tag.example'), email('p+a@tag.example')] }, actor);
    expect(await keysOf(id)).to.deep.equal(['email:p@tag.example']);
    await contacts.patch(id, { identifiers: [email('p+a@tag.example')] }, actor);
    expect(await keysOf(id)).to.deep.equal(['email:p@tag.example']);
    await contacts.patch(id, { identifiers: [] }, actor);
    expect(await keysOf(id)).to.deep.equal([]);
  });

  describe('provisional contacts', () => {
    it('are absorbed by whom their identifier is given to, with all they are recognised by', async () => {
      const { contacts, models, provisional, capture, tagsOf, wrongTags } = register;
      const unknown = await provisional([email('who@p.example'), { type: 'visitor', value: 'V1' }], 'Matti');
      await capture(unknown, hours('2024-03-10T10:00:00Z', 2));
      expect(await tagsOf(unknown)).to.have.deep.nested.property('[0][0]', 'unknown-sender');
      const input = { identifiers: [email('who@p.example')], relationship: { endedAt: '2024-01-31' } };
      const made = await contacts.create(input, actor);
      expect(made).to.deep.include({
        provisional: false,
        identifiers: [email('who@p.example'), { type: 'visitor', value: 'V1' }],
      });
      expect(made.name.first).to.equal('Matti');
      expect(made.lastEntry?.at).to.equal('2024-03-10T11:00:00.000Z');
      expect(await contacts.get(unknown)).to.deep.equal(made);
      expect(await keysOf(made.id)).to.deep.equal(['email:who@p.example', 'visitor:V1']);
      expect(await keysOf(unknown)).to.deep.equal([]);
      expect(await tagsOf(unknown)).to.deep.equal([
        ['customer-relationship', '2024-03-10', '2029-03-10'],
        ['customer-relationship', '2024-03-10', '2029-03-10'],
      ]);
      expect(await wrongTags(made.id)).to.deep.equal([]);
      const history = await models.history.find({ id: unknown }).lean();
      expect(history[0]?.changes).to.deep.include({ field: 'mergedInto', old: null, new: made.id });
      expect((await contacts.list({ q: 'who@p.example' })).items.map(({ id }) => id)).to.deep.equal([made.id]);
      expect((await contacts.patch(unknown, { name: { last: 'M' } }, actor)).contact.id).to.equal(made.id);
    });

    it('become known by being named, and their timeline is stamped so', async () => {
      const { contacts, provisional, capture, tagsOf, wrongTags } = register;
      const inputs: ContactInput[] = [
        { name: { first: 'Matti' } },
        { organisation: 'Some Oy' },
        { externalId: 'K-1' },
        { relationship: { startedAt: '2020-01-01' } },
        { provisional: false },
      ];
      for (const [i, input] of inputs.entries()) {
        const id = await provisional([email(`k${i}@p.example`)], 'Matti');
        await capture(id, hours('2024-03-10T10:00:00Z', 1));
        const still = await contacts.patch(
          id,
          { identifiers: [email(`k${i}@p.example`), email(`k${i}b@p.example`)] },
          actor,
        );
        expect(still.contact.provisional).to.equal(true);
        const { contact } = await contacts.patch(id, input, actor);
        expect(contact.provisional, JSON.stringify(input)).to.equal(false);
        expect(await tagsOf(id)).to.deep.equal([['customer-relationship', null, null]]);
        expect(await wrongTags(id)).to.deep.equal([]);
      }
    });

    it('stay so when nothing is said about who they are', async () => {
      const { contacts, provisional } = register;
      const id = await provisional([email('blank@p.example')]);
      expect((await contacts.patch(id, { name: { first: null }, relationship: {} }, actor)).outcome).to.equal(
        'unchanged',
      );
      expect((await contacts.get(id)).provisional).to.equal(true);
    });

    it('absorbed by a provisional one that is absorbed itself end at the surviving contact', async () => {
      const { contacts, provisional, capture, wrongTags } = register;
      const [a, b] = [await provisional([email('c1@p.example')]), await provisional([email('c2@p.example')])];
      await capture(a, hours('2024-03-10T10:00:00Z', 1));
      await capture(b, hours('2024-03-11T10:00:00Z', 1));
      await contacts.patch(b, { identifiers: [email('c2@p.example'), email('c1@p.example')] }, actor);
      const made = await contacts.create(
        { identifiers: [email('c2@p.example')], relationship: { endedAt: '2024-01-01' } },
        actor,
      );
      expect((await contacts.get(a)).id).to.equal(made.id);
      expect(await wrongTags(made.id)).to.deep.equal([]);
      expect(made.lastEntry?.at).to.equal('2024-03-11T10:00:00.000Z');
    });
  });

  describe('lists', () => {
    let own: TestRegister;
    before(async () => {
      own = await startRegister();
      for (let i = 0; i < 7; i++) {
        const name = { first: `Päivi${i}`, last: 'Mäkelä-Virtanen' };
        const { id } = await own.contacts.create(
          { name, identifiers: [phone(`04012345${60 + i}`)], organisation: 'Hietasuon kunta' },
          actor,
        );
        if (i < 4) await own.capture(id, hours(`2024-03-1${i}T10:00:00Z`, 1));
      }
      await own.contacts.create({ name: { first: 'Åke' }, relationship: { startedAt: '2020-01-01' } }, actor);
    });
    after(() => own.stop());

    it('finds by the beginnings of all words typed', async () => {
      const count = async (q: string) => (await own.contacts.list({ q })).items.length;
      expect(await count('päivi')).to.equal(7);
      expect(await count('PAIV makel')).to.equal(7);
      expect(await count('päivi3 hietas')).to.equal(1);
      expect(await count('040 123 4561')).to.equal(1);
      expect(await count('+358 40 12345')).to.equal(7);
      expect(await count('åke')).to.equal(1);
      expect(await count('.*')).to.equal(0);
      expect(await count('äivi')).to.equal(0);
    });

    it('shows newest activity first, page by page, each contact once', async () => {
      for (const q of [undefined, 'hietasuon']) {
        const seen: string[] = [];
        let before: string | undefined;
        do {
          const page: Awaited<ReturnType<typeof own.contacts.list>> = await own.contacts.list({ q, limit: 3, before });
          seen.push(...page.items.map(({ name }) => name.first ?? ''));
          before = page.next ?? undefined;
        } while (before);
        expect(seen.slice(0, 4)).to.deep.equal(['Päivi3', 'Päivi2', 'Päivi1', 'Päivi0']);
        expect(seen.length).to.equal(q ? 7 : 8);
        expect(new Set(seen).size).to.equal(seen.length);
      }
    });

    it('lists for review whose relationship has no date at all', async () => {
      expect((await own.contacts.list({ review: true })).items).to.have.lengthOf(7);
      const [hietasuo] = (await own.organisations.list({ q: 'hieta' })).items;
      await own.organisations.patch(hietasuo?.id ?? '', { relationship: { startedAt: '2019-05-01' } }, actor);
      expect((await own.contacts.list({ review: true })).items).to.have.lengthOf(0);
    });

    it('refuses a cursor that it did not make', async () => {
      for (const before of [
        '',
        'x',
        'e30',
        Buffer.from('[1]').toString('base64url'),
        Buffer.from('[{"$gt":1},"a"]').toString('base64url'),
      ])
        await failure(own.contacts.list({ before }), FieldErrors);
    });
  });
});
