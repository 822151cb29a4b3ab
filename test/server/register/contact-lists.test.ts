import { expect } from 'chai';
import { BadCursor } from '../../../server/read/cursor.ts';
import type { ContactInput } from '../../../server/register/types.ts';
import { failure } from './failure.ts';
import { actor, hours, startRegister, type TestRegister } from './support.ts';

const email = (value: string) => ({ type: 'email', value });
const phone = (value: string) => ({ type: 'phone', value });

describe('register/contacts: provisional ones and lists', () => {
  let register: TestRegister;
  before(async () => {
    register = await startRegister({ isOurs: ({ value }) => value === 'tuki@varaamo.example' });
  });
  after(() => register.stop());
  const keysOf = async (contact: string) =>
    (await register.models.identifiers.find({ contact }).sort({ _id: 1 }).lean()).map(({ _id }) => _id);

  describe('provisional contacts', () => {
    it('are absorbed by whom their identifier is given to, with all they are recognised by', async () => {
      const { contacts, models, provisional, capture, tagsOf, wrongTags } = register;
      const unknown = await provisional([email('who@p.example'), { type: 'visitor', value: 'V1' }], 'Matti');
      await capture(unknown, hours('2024-03-10T10:00:00Z', 2));
      expect(await tagsOf(unknown)).to.have.deep.nested.property('[0][0]', 'unknown-sender');
      const input = { identifiers: [email('who@p.example')], relationship: { endedAt: '2024-01-31' } };
      const { absorbed, ...made } = await contacts.create(input, actor);
      expect(absorbed).to.equal(true);
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
        await failure(own.contacts.list({ before }), BadCursor);
    });
  });
});
