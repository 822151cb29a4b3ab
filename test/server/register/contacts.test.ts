import { expect } from 'chai';
import { FieldErrors } from '../../../server/errors.ts';
import { NotInRegister, RegisterConflict } from '../../../server/register/errors.ts';
import type { ContactInput } from '../../../server/register/types.ts';
import { failure } from './failure.ts';
import { actor, startRegister, type TestRegister } from './support.ts';

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
    const { absorbed, ...made } = await contacts.create(
      {
        name: { first: ' Päivi ', last: 'Mäkelä' },
        organisation: 'Kuusilahden  kaupunki',
        identifiers: [email('Paivi@Kuusilahti.EXAMPLE'), phone('040 123 4567')],
        relationship: { startedAt: '2020-01-31T23:30:00Z', endedAt: null },
        externalId: 'C-1',
      },
      actor,
    );
    expect(absorbed).to.equal(false);
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
    const composed = 'Äiti';
    const decomposed = await contacts.upsertByExternalId(composed.normalize('NFD'), { externalId: composed }, actor);
    expect(decomposed.contact.externalId, 'one id in two forms of Unicode').to.equal(composed);
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

  it('many changes of one contact at once, and many contacts of one new organisation, are all made', async () => {
    const { contacts, models } = register;
    const { id } = await contacts.create({ name: { first: 'N' } }, actor);
    const names = Array.from({ length: 200 }, (_, i) => `N${i}`);
    await Promise.all(names.map(first => contacts.patch(id, { name: { first } }, actor)));
    expect(await models.history.countDocuments({ id })).to.equal(201);
    await Promise.all(names.map(first => contacts.create({ name: { first }, organisation: 'Crowd Oy' }, actor)));
    const [crowd, ...others] = await models.organisations.find({ name: 'Crowd Oy' }).lean();
    expect(others).to.eql([]);
    expect(await models.contacts.countDocuments({ organisation: crowd?._id ?? null })).to.equal(200);
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
});
