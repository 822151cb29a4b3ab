import { expect } from 'chai';
import type { ContactDoc } from '../../../models/contacts.ts';
import { makeRegister } from '../../../server/register/index.ts';
import { makeLink } from '../../../server/timeline/link.ts';
import { batchOf, COUNTRY, freshStore, mailItem, makeHub, ZONE } from '../../support/capture.ts';

const actor = { who: 'agent', source: 'api' };
const AINO = 'aino@kuusilahti.example';
const BERTTA = 'bertta@kuusilahti.example';
const at = (hour: number) => new Date(Date.UTC(2026, 10, 20, hour));

describe('timeline: what is linked by hand', () => {
  let store: Awaited<ReturnType<typeof freshStore>>;
  let link: ReturnType<typeof makeLink>;
  let bertta: string;
  let other: string;

  const contact = async (id: string) => (await store.models.contacts.findById(id).lean()) as ContactDoc;
  const entry = async (subject: string) => (await store.models.timeline.findOne({ subject }).lean())?._id ?? '';

  /** Bertta's, who has absorbed Aino: one old mail of her own, and Aino's older and newer ones. */
  beforeEach(async () => {
    store = await freshStore();
    const { models, policies } = store;
    link = makeLink({ models, policies, zone: ZONE });
    const { take, acquire } = makeHub(store);
    await take([
      batchOf([
        mailItem(1, { from: AINO, occurredAt: at(1), subject: 'Aino’s first' }),
        mailItem(2, { from: BERTTA, occurredAt: at(2), subject: 'Bertta’s own' }),
        mailItem(3, { from: AINO, occurredAt: at(3), subject: 'Aino’s last' }),
        mailItem(4, { from: BERTTA, occurredAt: at(0), subject: 'Bertta’s first' }),
      ]),
    ]);
    const log = { info: () => undefined, warn: () => undefined };
    const dataId = async () => 'none';
    const { contacts } = makeRegister({ models, policies, zone: ZONE, country: COUNTRY, dataId, acquire, log });
    const row = await models.identifiers.findById(`email:${BERTTA}`).lean();
    bertta = row?.contact ?? '';
    const identifiers = [BERTTA, AINO].map(value => ({ type: 'email', value }));
    await contacts.patch(bertta, { name: { first: 'Bertta' }, identifiers }, actor);
    other = (await contacts.create({ name: { first: 'Other' } }, actor)).id;
  });
  afterEach(() => store.close());

  it('leaves the newest of all that is still there, also when it was an absorbed contact’s', async () => {
    expect((await contact(bertta)).lastEntry).to.deep.include({ at: at(3), text: 'Aino’s last' });
    await link(await entry('Aino’s last'), other, 'agent');
    expect((await contact(bertta)).lastEntry).to.deep.include({ at: at(2), text: 'Bertta’s own' });
    await link(await entry('Bertta’s own'), null, 'agent');
    expect((await contact(bertta)).lastEntry).to.deep.include({ at: at(1), text: 'Aino’s first' });
  });

  it('is in the history of both: of whom it was taken from, and of whom it is now', async () => {
    const moved = await link(await entry('Bertta’s own'), other, 'agent');
    const told = async (id: string) => {
      const row = await store.models.history.findOne({ id, 'changes.field': 'timeline' }).lean();
      return row?.changes.map(change => [change.old, change.new]);
    };
    expect(await told(bertta)).to.eql([[moved?.interaction, null]]);
    expect(await told(other)).to.eql([[bertta, moved?.interaction]]);
  });

  it('leaves an absorbed contact’s newest where its survivor’s own is taken off', async () => {
    await link(await entry('Bertta’s own'), null, 'agent');
    expect((await contact(bertta)).lastEntry).to.deep.include({ at: at(3), text: 'Aino’s last' });
  });

  it('is shown by its subject, and only where it is the newest', async () => {
    await link(await entry('Bertta’s own'), other, 'agent');
    expect((await contact(other)).lastEntry).to.deep.include({ at: at(2), text: 'Bertta’s own' });
    await link(await entry('Bertta’s first'), other, 'agent');
    expect((await contact(other)).lastEntry).to.deep.include({ at: at(2), text: 'Bertta’s own' });
  });
});
