import { expect } from 'chai';
import type { SuggestionDoc } from '../../../models/suggestions.ts';
import type { IdentifierValue } from '../../../models/types.ts';
import { OBSTACLES } from '../../../server/register/joins.ts';
import { actor, hours, startRegister, type TestRegister } from './support.ts';

const PHONE = { type: 'phone', value: '+358400000110' };
const EMAIL = { type: 'email', value: 'paivi@kuusilahti.example' };

describe('register: one person, many addresses', () => {
  let register: TestRegister;
  beforeEach(async () => {
    register = await startRegister({ isOurs: ({ value }) => value === 'tuki@varaamo.example' });
  });
  afterEach(() => register.stop());

  const say = async (over: Partial<SuggestionDoc> = {}, at = new Date()) => {
    const row = {
      ...{
        _id: 's1',
        identifiers: [PHONE, EMAIL] as [IdentifierValue, IdentifierValue],
        proven: true,
        account: 'shop',
      },
      item: 'i1',
      at,
      state: 'open' as const,
      obstacle: null,
      decidedBy: null,
      ...over,
    };
    await register.models.suggestions.create([row]);
    return row._id;
  };
  const row = async (id = 's1') => register.models.suggestions.findById(id).lean();
  const create = (first: string, ...identifiers: IdentifierValue[]) =>
    register.contacts.create({ name: { first }, identifiers }, actor);
  const list = () => register.suggestions.list({ accounts: null });

  it('joins what a signed source says: to a known contact the address of a provisional one, with its entries', async () => {
    const known = await create('Päivi', EMAIL);
    const provisional = await register.provisional([PHONE]);
    await register.capture(provisional, hours('2026-11-20T10:00:00Z', 2));
    await say();
    await register.jobs.drain();
    expect(await row()).to.include({ state: 'joined', decidedBy: 'shop' });
    expect((await register.contacts.get(provisional)).id).to.equal(known.id);
    expect((await register.contacts.get(known.id)).identifiers).to.deep.equal([EMAIL, PHONE]);
    expect(await register.wrongTags(known.id)).to.deep.equal([]);
    const { items } = await register.contacts.history(known.id, {});
    expect(items[0]).to.include({ who: 'shop', source: 'signed-source' });
    expect((await list()).items).to.deep.equal([]);
  });

  it('gives an address that nobody has to who has the other one, and makes one of two provisional ones', async () => {
    const first = await register.provisional([PHONE], 'Päivi');
    await say();
    await register.jobs.drain();
    expect((await register.contacts.get(first)).identifiers).to.deep.equal([PHONE, EMAIL]);
    const other = { type: 'username', value: 'paivi' };
    const second = await register.provisional([other]);
    await say({ _id: 's2', identifiers: [other, EMAIL] });
    await register.jobs.drain();
    expect((await register.contacts.get(first)).id).to.equal((await register.contacts.get(second)).id);
    expect((await row('s2'))?.state).to.equal('joined');
  });

  it('leaves two contacts of the register to an agent, and says why', async () => {
    await create('Päivi', EMAIL);
    await create('Paavo', PHONE);
    await say();
    await say({ _id: 's2', identifiers: [EMAIL, { type: 'email', value: 'tuki@varaamo.example' }] });
    await say({
      _id: 's3',
      identifiers: [
        { type: 'phone', value: '+358400000111' },
        { type: 'username', value: 'x' },
      ],
    });
    await register.jobs.drain();
    expect([(await row())?.obstacle, (await row('s2'))?.obstacle, (await row('s3'))?.obstacle]).to.deep.equal([
      OBSTACLES.both,
      OBSTACLES.refused,
      OBSTACLES.nobody,
    ]);
    expect((await list()).items.map(({ reason }) => reason)).to.have.members([
      OBSTACLES.both,
      OBSTACLES.refused,
      OBSTACLES.nobody,
    ]);
    const decided = await register.suggestions.decide('s1', 'join', actor);
    expect(decided?.obstacle).to.equal(OBSTACLES.both);
    expect((await row())?.state).to.equal('open');
  });

  it('asks an agent about what isn’t proven; what was decided stays decided', async () => {
    const known = await create('Päivi', EMAIL);
    const provisional = await register.provisional([PHONE]);
    await say({ proven: false }, new Date('2026-11-20T10:00:00Z'));
    await say({ _id: 's2', proven: false, identifiers: [EMAIL, { type: 'username', value: 'p' }], account: 'b' });
    await register.jobs.drain();
    const first = await register.suggestions.list({ accounts: null, limit: 1 });
    expect(first.items.map(({ id }) => id)).to.deep.equal(['s2']);
    const second = await register.suggestions.list({ accounts: null, limit: 1, before: first.next ?? '' });
    expect(second.items[0]).to.deep.include({
      id: 's1',
      reason: '“A source” says that both are one person’s, and doesn’t prove it.',
    });
    expect(second.items[0]?.identifiers.map(({ contact }) => contact?.id)).to.deep.equal([provisional, known.id]);
    expect(second.next).to.equal(null);
    expect((await register.suggestions.list({ accounts: ['b'] })).items).to.have.length(1);
    expect(await register.suggestions.count(null)).to.deep.equal({ count: 2, more: false });
    expect(await register.suggestions.count(['b'])).to.deep.equal({ count: 1, more: false });
    expect((await register.suggestions.decide('s2', 'dismiss', actor))?.view.state).to.equal('dismissed');
    expect((await register.suggestions.decide('s2', 'join', actor))?.view.state).to.equal('dismissed');
    expect((await register.suggestions.decide('s1', 'join', actor))?.view.state).to.equal('joined');
    expect(await register.suggestions.count(null)).to.deep.equal({ count: 0, more: false });
    expect(await row()).to.include({ decidedBy: actor.who });
    expect((await register.contacts.get(provisional)).id).to.equal(known.id);
    expect(await register.suggestions.decide('none', 'join', actor)).to.equal(null);
    expect(await register.suggestions.accountOf('none')).to.equal(null);
  });

  it('two hubs join it once', async () => {
    const known = await create('Päivi', EMAIL);
    await say();
    await Promise.all([register.jobs.drain(), register.jobs.drain(), register.jobs.drain()]);
    const changes = (await register.contacts.history(known.id, {})).items;
    expect(changes.filter(({ source }) => source === 'signed-source')).to.have.length(1);
  });
});
