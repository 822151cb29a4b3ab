import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { makeRegister } from '../../../server/register/index.ts';
import { inTransaction, isConflict } from '../../../server/store/transaction.ts';
import { actor, hours, startRegister, type TestRegister } from './support.ts';

const email = (value: string) => ({ type: 'email', value });
const end = (endedAt: string | null) => ({ relationship: { endedAt } });

describe('register/restamp', () => {
  let register: TestRegister;
  before(async () => {
    register = await startRegister();
  });
  after(() => register.stop());

  it('an end stamps the timeline, another one again, and reactivation clears it', async () => {
    const { contacts, capture, tagsOf } = register;
    const { id } = await contacts.create({}, actor);
    await capture(id, [new Date('2024-01-15T10:00:00Z'), new Date('2024-07-01T22:30:00Z')]);
    expect(await tagsOf(id)).to.deep.equal(Array(2).fill(['customer-relationship', null, null]));
    await contacts.patch(id, end('2024-02-29'), actor);
    expect(await tagsOf(id)).to.deep.equal([
      ['customer-relationship', '2024-02-29', '2029-02-28'],
      ['customer-relationship', '2024-07-02', '2029-07-02'],
    ]);
    await contacts.patch(id, end('2025-01-01'), actor);
    expect(await tagsOf(id)).to.deep.equal(Array(2).fill(['customer-relationship', '2025-01-01', '2030-01-01']));
    await contacts.patch(id, end(null), actor);
    expect(await tagsOf(id)).to.deep.equal(Array(2).fill(['customer-relationship', null, null]));
  });

  it('an organisation’s end stamps its contacts’ timelines, and leaving or joining one does', async () => {
    const { contacts, organisations, capture, tagsOf, models } = register;
    const ended = await organisations.create({ name: 'Ended Oy', ...end('2024-06-30') }, actor);
    const lasting = await organisations.create({ name: 'Lasting Oy' }, actor);
    const { id } = await contacts.create({ organisation: { id: lasting.id } }, actor);
    const early = await contacts.create({ organisation: { id: lasting.id }, ...end('2024-03-31') }, actor);
    for (const one of [id, early.id]) await capture(one, hours('2024-01-15T10:00:00Z', 1));
    await contacts.patch(id, { organisation: 'Ended Oy' }, actor);
    expect((await tagsOf(id))[0]).to.deep.equal(['customer-relationship', '2024-06-30', '2029-06-30']);
    await contacts.patch(id, { organisation: null }, actor);
    expect((await tagsOf(id))[0]).to.deep.equal(['customer-relationship', null, null]);
    await contacts.patch(id, { organisation: { id: lasting.id } }, actor);
    const before = await models.contacts.findById(id).lean();
    await organisations.patch(lasting.id, end('2024-05-31'), actor);
    expect((await tagsOf(id))[0]).to.deep.equal(['customer-relationship', '2024-05-31', '2029-05-31']);
    expect((await tagsOf(early.id))[0]).to.deep.equal(['customer-relationship', '2024-03-31', '2029-03-31']);
    expect((await models.contacts.findById(id).lean())?.revision).to.equal((before?.revision ?? 0) + 1);
    await organisations.patch(lasting.id, { relationship: null }, actor);
    expect((await tagsOf(id))[0]).to.deep.equal(['customer-relationship', null, null]);
    expect((await models.organisations.findById(ended.id).lean())?.revision, 'joined with entries').to.equal(1);
  });

  it('up to 1,000 entries are stamped by the change, more by a job that goes on where it was killed', async () => {
    const { contacts, capture, wrongTags, jobs, models, provisional } = register;
    const few = await contacts.create({}, actor);
    await capture(few.id, hours('2023-01-01T00:00:00Z', 1000));
    await contacts.patch(few.id, end('2023-01-20'), actor);
    expect(await wrongTags(few.id)).to.deep.equal([]);
    expect(await models.jobs.countDocuments()).to.equal(0);

    const unknown = await provisional([email('busy@p.example')]);
    await capture(unknown, hours('2022-01-01T00:00:00Z', 1200));
    const { id } = await contacts.create({ identifiers: [email('busy@p.example')] }, actor);
    await capture(id, hours('2023-01-01T00:00:00Z', 1500));
    await contacts.patch(id, end('2023-01-20'), actor);
    expect((await wrongTags(id)).length).to.be.above(1000);
    await oneStep(id);
    const left = (await wrongTags(id)).length;
    expect(left).to.be.within(1, 1700);
    expect(await models.jobs.countDocuments({ target: id })).to.equal(1);
    await jobs.drain();
    expect(await wrongTags(id)).to.deep.equal([]);
    expect(await models.jobs.countDocuments()).to.equal(0);
  });

  /** Another hub begins the job of a contact and is cut off after its first steps. */
  const oneStep = async (target: string) => {
    const { models, deps } = register;
    const { jobs } = makeRegister(deps);
    jobs.start();
    while ((await models.jobs.findOne({ target }).lean())?.cursor === null) await sleep(1);
    await jobs.stop();
  };

  it('a large organisation’s contacts are stamped one by one by a job', async () => {
    const { contacts, organisations, capture, wrongTags, jobs, models } = register;
    const { id } = await organisations.create({ name: 'Large Oy' }, actor);
    const ids: string[] = [];
    for (let i = 0; i < 4; i++) {
      const contact = await contacts.create({ organisation: { id } }, actor);
      ids.push(contact.id);
      await capture(contact.id, hours('2023-01-01T00:00:00Z', i === 3 ? 1300 : 300));
    }
    await organisations.patch(id, { name: 'Larger Oy', ...end('2023-01-10') }, actor);
    expect(await models.jobs.countDocuments({ kind: 'refresh-organisation', target: id })).to.equal(1);
    await jobs.drain();
    for (const contact of ids) expect(await wrongTags(contact)).to.deep.equal([]);
    expect((await contacts.list({ q: 'larger' })).items).to.have.lengthOf(4);
  });

  it('a change while a job waits or runs is stamped as well', async () => {
    const { contacts, capture, wrongTags, jobs } = register;
    const { id } = await contacts.create({}, actor);
    await capture(id, hours('2023-01-01T00:00:00Z', 2500));
    await contacts.patch(id, end('2023-01-20'), actor);
    const draining = jobs.drain();
    await contacts.patch(id, end('2023-02-20'), actor);
    await draining;
    await jobs.drain();
    expect(await wrongTags(id)).to.deep.equal([]);
  });

  it('a capture that read the contact before a change commits neither tag nor entry of that reading', async () => {
    const { contacts, capture, wrongTags, models } = register;
    const { id } = await contacts.create({}, actor);
    let attempts = 0;
    await capture(id, hours('2023-01-01T00:00:00Z', 3), async () => {
      if (attempts++ === 0) await contacts.patch(id, end('2023-06-01'), actor);
    });
    expect(attempts, 'the capture ran again').to.equal(2);
    expect(await models.timeline.countDocuments({ contact: id })).to.equal(3);
    expect(await wrongTags(id)).to.deep.equal([]);
  });

  it('a change that meets a capture in progress runs again and stamps its entries', async () => {
    const { contacts, captureIn, connection, wrongTags } = register;
    const { id } = await contacts.create({}, actor);
    let patched: Promise<unknown> = Promise.resolve();
    await inTransaction(connection, async session => {
      await captureIn(session, id, hours('2023-01-01T00:00:00Z', 3));
      patched = contacts.patch(id, end('2023-06-01'), actor);
      await sleep(60);
    });
    await patched;
    expect(await wrongTags(id)).to.deep.equal([]);
  });

  it('a contact that joins an organisation on an old reading of it runs again', async () => {
    const { contacts, organisations, capture, wrongTags } = register;
    for (let round = 0; round < 8; round++) {
      const { id } = await organisations.create({ name: `Joined ${round}` }, actor);
      const contact = await contacts.create({}, actor);
      await capture(contact.id, hours('2023-01-01T00:00:00Z', 5));
      await Promise.all([
        contacts.patch(contact.id, { organisation: { id } }, actor),
        organisations.patch(id, end('2023-06-01'), actor),
      ]);
      expect(await wrongTags(contact.id)).to.deep.equal([]);
    }
  });

  it('captures and changes of all kinds at once leave no wrong tag', async () => {
    const { contacts, organisations, capture, wrongTags, provisional, jobs } = register;
    const organisation = await organisations.create({ name: 'Storm Oy' }, actor);
    const known = await contacts.create({ organisation: { id: organisation.id } }, actor);
    const unknown = await provisional([email('storm@p.example')]);
    // who is told to come back (503), comes back
    const untilMade = (change: () => Promise<unknown>): Promise<unknown> =>
      change().catch(error => (isConflict(error) ? untilMade(change) : Promise.reject(error)));
    let sent = 0;
    const capturing = [known.id, unknown].map(async id => {
      for (let i = 0; i < 25; i++, sent++) await capture(id, hours(`2023-0${1 + (i % 9)}-01T00:00:00Z`, 2));
    });
    const changing = (async () => {
      for (let i = 0; i < 8; i++) {
        await untilMade(() => organisations.patch(organisation.id, end(i % 2 ? null : '2023-05-01'), actor));
        await untilMade(() => contacts.patch(known.id, end(i % 3 ? `2023-0${1 + i}-15` : null), actor));
        const joins = { name: { first: 'Storm' }, organisation: { id: organisation.id } };
        if (i === 4) await untilMade(() => contacts.patch(unknown, joins, actor));
      }
    })();
    await Promise.all([...capturing, changing]);
    await jobs.drain();
    expect(sent).to.equal(50);
    expect(await wrongTags(known.id)).to.deep.equal([]);
    expect(await wrongTags(unknown)).to.deep.equal([]);
  });
});
