import { expect } from 'chai';
import { actor, startRegister } from './support.ts';

const sleep = (ms: number) => new Promise(resolve => setTimeout(resolve, ms));

describe('register/jobs', () => {
  let register: Awaited<ReturnType<typeof startRegister>>;
  before(async () => {
    register = await startRegister();
  });
  after(() => register.stop());

  /** Of a kind that nobody here can do. */
  const impossible = (target: string, createdAt: Date) => {
    const job = { _id: `foreseen:${target}`, kind: 'foreseen', target, cursor: null, ...actor, createdAt };
    return register.models.jobs.collection.insertOne(job as never);
  };
  /** Of an organisation whose contact is to be found by its new name. */
  const refresh = async (name: string) => {
    const { models, contacts } = register;
    const { organisation } = await contacts.create({ organisation: `${name} Oy` }, actor);
    await models.organisations.updateOne({ _id: organisation?.id ?? '' }, { $set: { name: `${name} renamed` } });
    const target = organisation?.id ?? '';
    await models.jobs.create({
      _id: `refresh-organisation:${target}`,
      kind: 'refresh-organisation',
      target,
      cursor: null,
      ...actor,
      createdAt: new Date(),
    });
  };
  const found = async (q: string) => (await register.contacts.list({ q })).items.length;
  const left = async () =>
    (await register.models.jobs.find().sort({ createdAt: 1 }).lean()).map(({ target }) => target);

  it('that fail keep none of the others from their turn, and stay', async () => {
    await impossible('one', new Date(0));
    await impossible('two', new Date(1));
    await refresh('Koivu');
    const error = await register.jobs.drain().then(
      () => null,
      fault => fault,
    );
    expect(error).to.be.instanceOf(TypeError);
    expect(await found('koivu renamed')).to.equal(1);
    expect(await left()).to.eql(['one', 'two']);
  });

  it('are done at once, although one before them fails', async () => {
    await refresh('Mänty');
    register.jobs.start();
    for (let i = 0; i < 100 && (await found('mänty renamed')) === 0; i++) await sleep(50);
    await register.jobs.stop();
    expect(await found('mänty renamed')).to.equal(1);
    expect(await left()).to.eql(['one', 'two']);
  });
});
