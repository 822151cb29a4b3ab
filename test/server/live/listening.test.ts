import { expect } from 'chai';
import type { Principal } from '../../../server/access/principal.ts';
import { makeListening } from '../../../server/live/listening.ts';
import { type ChatHub, openHub, refusal } from '../../connectors/chat/support.ts';

const HOUR = 3600_000;

describe('live: that somebody listens', () => {
  let hub: ChatHub;
  before(async () => {
    hub = await openHub();
  });
  after(() => hub.close());

  it('is in the access log before anything is told, and nobody listens without', async () => {
    const { token, doc } = await hub.hub.core.access.tokens.create({ name: 'ears', role: 'agent', account: null });
    const rows = () => hub.hub.core.models.accessLog.find({ who: doc._id }).lean();
    await hub.agent(token);
    expect((await rows()).map(({ action, whoName }) => `${whoName} ${action}`)).to.eql(['ears live:listen']);
    const { db } = hub.hub.core.models.connection;
    const accept = (validator: object) => db?.command({ collMod: 'accessLog', validator });
    await accept({ never: { $exists: true } });
    expect(await refusal(hub.agent(token))).to.equal('unavailable');
    await accept({});
    await hub.agent(token);
    expect(await rows()).to.have.length(2);
  });

  it('is written again after some hours of it, and failing that it ends', async () => {
    const principal = { id: 'a', name: 'Anna' } as Principal;
    let now = 0;
    let fails = false;
    const rows: string[] = [];
    const record = async ({ id }: Principal, { action }: { action: string }) => {
      if (fails) throw new Error('the log is away');
      rows.push(`${now / HOUR} ${id} ${action}`);
    };
    const listens = makeListening({ log: { record }, now: () => now });
    const [one, other] = [{}, {}];
    for (const hour of [0, 1, 3, 4, 5, 7]) {
      now = hour * HOUR;
      await listens(one, principal);
    }
    await listens(other, principal);
    expect(rows).to.eql(['0 a live:listen', '4 a live:listen', '7 a live:listen']);
    now = 8 * HOUR;
    fails = true;
    expect(await refusal(listens(one, principal))).to.equal('the log is away');
    fails = false;
    await listens(one, principal);
    expect(rows).to.have.length(4);
  });
});
