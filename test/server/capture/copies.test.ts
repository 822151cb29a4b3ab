import { expect } from 'chai';
import type { Captured, Connector } from '../../../connectors/contract.ts';
import { complete } from '../../../connectors/email/complete.ts';
import { toCaptured } from '../../../connectors/email/parse/captured.ts';
import { parseMail } from '../../../connectors/email/parse/mail.ts';
import { visibleParticipants } from '../../../server/read/visible.ts';
import { makeLink } from '../../../server/timeline/link.ts';
import { batchOf, freshStore, mailConnector, makeHub, ZONE } from '../../support/capture.ts';

const email: Connector = { ...mailConnector, complete };
const oursBy = (...addresses: string[]) => ({ addresses: new Set(addresses), domains: new Set<string>() });
const OURS = oursBy('tuki@varaamo.example', 'toinen@varaamo.example');

interface Copy {
  bcc?: string;
  folder?: string;
  ours?: typeof OURS;
  account?: string;
}

/** One mail by its author, in the copies that different folders hold. */
const mailTo =
  (from: string, fields: Record<string, string>) =>
  ({
    bcc,
    folder = 'INBOX',
    ours = OURS,
    account = 'tuki',
  }: Copy): { item: Captured; account: string; ours: typeof OURS } => {
    const received =
      folder === 'Sent' ? '' : 'Received: from a.example by b.example; Fri, 20 Nov 2026 10:00:05 +0200\r\n';
    const said = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
    const head = `${received}From: ${from}\r\nDate: Fri, 20 Nov 2026 10:00:00 +0200\r\nMessage-ID: <m1@varaamo.example>\r\n${said.join('')}`;
    const bytes = Buffer.from(`${head}${bcc ? `Bcc: ${bcc}\r\n` : ''}\r\nHei\r\n`);
    const source = { bytes };
    const item = toCaptured(parseMail(source, { capturedAt: new Date() }), {
      source,
      ours,
      folderIsSent: folder === 'Sent',
      sighting: { folder: `${account}/${folder}`, uidValidity: '1', uid: 1 },
    });
    return { item, account, ours };
  };

describe('capture: further copies of a mail', () => {
  let store: Awaited<ReturnType<typeof freshStore>>;
  let hub: ReturnType<typeof makeHub>;
  before(async () => {
    store = await freshStore();
    hub = makeHub(store);
  });
  beforeEach(() => store.forget());
  after(() => store.close());

  type Made = ReturnType<ReturnType<typeof mailTo>>;
  const take = ({ item, account, ours }: Made, by = hub) =>
    by.take([batchOf([item], { stream: item.sighting?.folder ?? '' })], { account, ours, connector: email });

  /** What it comes to, without ids and moments. */
  const result = async () => {
    const [mail, ...others] = await store.models.interactions.find().lean();
    const contacts = new Map(
      (await store.models.contacts.find().lean()).map(one => [one._id, one.identifiers[0]?.value ?? '']),
    );
    const entries = await store.models.timeline.find().lean();
    const participants = mail?.participants ?? [];
    return {
      others: others.length,
      direction: mail?.direction,
      participants: participants.map(({ role, identifier, accounts = [] }) =>
        [role, identifier.value, ...[...accounts].sort()].join(' '),
      ),
      keys: [...(mail?.threadKeys ?? [])].sort(),
      accounts: [...(mail?.accounts ?? [])].sort(),
      entries: entries
        .map(one =>
          [one.contact && contacts.get(one.contact), one.direction, one.preview, ...one.accounts.sort()].join(' '),
        )
        .sort(),
      contacts: [...contacts.values()].sort(),
      last: (await store.models.contacts.find().lean()).every(({ lastEntry }) => lastEntry !== null),
    };
  };

  const newsletter = mailTo('tuki@varaamo.example', { To: 'tuki@varaamo.example', Subject: 'Uutiset' });
  const offer = mailTo('tuki@varaamo.example', { To: 'c1@cust.example', Cc: 'toinen@varaamo.example' });
  const alias = mailTo('info@varaamo.example', { To: 'c1@cust.example', Cc: 'tuki@varaamo.example' });
  const BOTH = 'b1@cust.example, b2@cust.example';

  const cases: [string, ReturnType<typeof mailTo>, Copy[], { direction: string; on: string[] }][] = [
    [
      'a newsletter to ourselves, whose Bcc only Sent has',
      newsletter,
      [{}, { folder: 'Sent', bcc: BOTH }],
      { direction: 'outbound', on: ['b1@cust.example', 'b2@cust.example'] },
    ],
    [
      'a Bcc besides a customer, by the copy of another account',
      offer,
      [{ account: 'toinen' }, { folder: 'Sent', bcc: 'b1@cust.example' }],
      { direction: 'outbound', on: ['b1@cust.example', 'c1@cust.example'] },
    ],
    [
      'copies that each name one Bcc, and one without',
      offer,
      [{ bcc: 'b1@cust.example' }, { account: 'toinen', bcc: 'b2@cust.example' }, { account: 'kolmas' }],
      { direction: 'outbound', on: ['b1@cust.example', 'b2@cust.example', 'c1@cust.example'] },
    ],
    [
      'a Bcc that is ours',
      newsletter,
      [{}, { folder: 'Sent', bcc: 'toinen@varaamo.example' }],
      { direction: 'internal', on: [''] },
    ],
  ];
  const sorted = ({ participants, ...rest }: Awaited<ReturnType<typeof result>>) => ({
    ...rest,
    participants: [...participants].sort(),
  });
  for (const [what, make, copies, { direction, on }] of cases)
    it(`says the same in whatever order they come, at once, and again: ${what}`, async () => {
      const made = copies.map(make);
      for (const one of made) await take(one);
      const first = sorted(await result());
      expect(first.direction).to.equal(direction);
      expect(first.entries.map(entry => entry.split(' ')[0])).to.deep.equal(on);
      expect(first).to.include({ others: 0, last: true });
      for (const one of made) await take(one); // as after a kill, or a rescan
      expect(sorted(await result()), 'again').to.deep.equal(first);
      await store.forget();
      for (const one of made.toReversed()) await take(one);
      expect(sorted(await result()), 'reversed').to.deep.equal(first);
      await store.forget();
      await Promise.all(made.map(one => take(one, makeHub(store))));
      expect(sorted(await result()), 'at once').to.deep.equal(first);
    });

  it('says the same when they come in one batch', async () => {
    const made = [newsletter({}), newsletter({ folder: 'Sent', bcc: 'b1@cust.example' }), newsletter({ bcc: BOTH })];
    for (const one of made) await take(one);
    const first = sorted(await result());
    for (const order of [made, made.toReversed()]) {
      await store.forget();
      await hub.take([batchOf(order.map(({ item }) => item))], { ours: OURS, connector: email });
      expect(sorted(await result())).to.deep.equal(first);
    }
  });

  it('is sent by us once a copy lies in Sent, or its sender is ours: nobody’s who isn’t outside', async () => {
    const before = oursBy('tuki@varaamo.example');
    await take(alias({ ours: before }));
    expect(await result()).to.include({ direction: 'inbound' });
    await take(alias({ account: 'info', folder: 'Sent', ours: oursBy(...before.addresses, 'info@varaamo.example') }));
    const { direction, entries } = await result();
    expect(direction).to.equal('outbound');
    expect(entries).to.deep.equal(['c1@cust.example outbound Hei info tuki']);
    await take(alias({ ours: before, account: 'kolmas' }));
    expect(await result()).to.include({ direction: 'outbound' });
  });

  it('stays a customer’s when it is filed in Sent', async () => {
    const written = mailTo('c1@cust.example', { To: 'tuki@varaamo.example' });
    await take(written({}));
    const first = await result();
    await take(written({ folder: 'Sent' }));
    expect(await result()).to.deep.equal(first);
    expect(first.entries).to.deep.equal(['c1@cust.example inbound Hei tuki']);
  });

  it('leaves what somebody sorted by hand', async () => {
    await take(offer({}));
    const { models } = store;
    const link = makeLink({ models, policies: store.policies, zone: ZONE });
    const entry = await models.timeline.findOne().lean();
    await take(mailTo('aino@cust.example', { To: 'tuki@varaamo.example' })({}));
    const aino = await models.identifiers.findById('email:aino@cust.example').lean();
    await link(entry?._id ?? '', aino?.contact ?? '', 'agent');
    await take(offer({ folder: 'Sent', bcc: 'b1@cust.example' }));
    const found = await models.timeline.find({ interaction: entry?.interaction }).lean();
    const whose = new Map((await models.contacts.find().lean()).map(one => [one._id, one.identifiers[0]?.value]));
    expect(found.map(({ contact }) => whose.get(contact ?? '')).sort()).to.deep.equal([
      'aino@cust.example',
      'b1@cust.example',
    ]);
  });

  it('shows a Bcc to the people of the accounts whose own copies name it', async () => {
    await take(offer({ account: 'first', bcc: 'b1@cust.example' }));
    await take(offer({ account: 'second', bcc: 'b2@cust.example' }));
    await take(offer({ account: 'again', bcc: 'b1@cust.example' }));
    await take(offer({ account: 'none' }));
    const mail = await store.models.interactions.findOne().lean();
    const bcc = (...accounts: string[]) =>
      mail &&
      visibleParticipants(accounts, mail).flatMap(({ role, identifier }) => (role === 'bcc' ? [identifier.value] : []));
    expect(bcc('first')).to.deep.equal(['b1@cust.example']);
    expect(bcc('second')).to.deep.equal(['b2@cust.example']);
    expect(bcc('again')).to.deep.equal(['b1@cust.example']);
    expect(bcc('none')).to.deep.equal([]);
  });
});
