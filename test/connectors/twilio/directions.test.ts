import { expect } from 'chai';
import type { Connector } from '../../../connectors/contract.ts';
import { CUSTOMER, call, OURS, type Sent, sid, signed } from '../../../connectors/twilio/fixtures/requests.ts';
import { batchOf } from '../../support/capture.ts';
import { callRow } from './rows.ts';
import { makeStage, type Stage } from './support.ts';

const COLLEAGUE = '+358405550001';

describe('twilio: whose a call is', () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await makeStage();
  });
  afterEach(() => stage.close());

  /** Callbacks as the hub takes them, one after the other. */
  const told = async (...requests: Sent[]): Promise<void> => {
    const account = stage.accountWith();
    const connector = stage.connector as unknown as Connector;
    for (const params of requests) {
      const { items = [] } = (await connector.receive?.(account, signed('call-status', params))) ?? {};
      await stage.hub.take([batchOf(items, { stream: 'webhooks' })], { account: account.id, connector });
    }
  };
  /** Each call with whose timelines it is on, by number; null: it is to be sorted out. */
  const found = async () => {
    const { timeline, contacts } = stage.store.models;
    const numberOf = new Map(
      (await contacts.find().lean()).map(({ _id, identifiers }) => [_id, identifiers[0]?.value ?? '']),
    );
    const entries = await timeline.find().lean();
    return (await stage.interactions()).map(({ _id, externalId, direction }) => {
      const its = entries.filter(({ interaction }) => interaction === _id);
      const whose = its.map(({ contact }) => contact && numberOf.get(contact));
      return { externalId, direction, whose, says: its.map(({ preview }) => preview) };
    });
  };
  const only = async () => {
    const [one, ...more] = await found();
    expect(more).to.deep.equal([]);
    if (!one) throw new Error('There is no call.');
    return one;
  };
  const contacts = () => stage.store.models.contacts.countDocuments();

  const directions = [
    ['inbound', 'inbound'],
    ['trunking-originating', 'inbound'],
    ['outbound-api', 'outbound'],
    ['outbound-dial', 'outbound'],
    ['trunking-terminating', 'outbound'],
  ] as const;
  const expected = directions.map(([, direction], n) => ({
    externalId: sid('CA', n + 1),
    direction,
    whose: [CUSTOMER],
    says: [direction === 'inbound' ? 'Missed' : 'No answer'],
  }));
  const ends = (direction: string) =>
    direction === 'inbound' ? { from: CUSTOMER, to: OURS } : { from: OURS, to: CUSTOMER };

  it('is the caller’s or the called one’s, by what Twilio calls its direction', async () => {
    await told(
      ...directions.map(([Direction, direction], n) => {
        const { from: From, to: To } = ends(direction);
        return call(n + 1, 'no-answer', { Direction, From, To });
      }),
    );
    expect(await found()).to.deep.equal(expected);
    expect(await contacts()).to.equal(1);
  });

  it('is the same by the API', async () => {
    stage.twilio.lists.Calls.push(
      ...directions.map(([name, direction], n) =>
        callRow(n + 1, 'no-answer', { ...ends(direction), direction: name, duration: '0' }),
      ),
    );
    await stage.pull('the calls', async () => (await stage.interactions()).length === directions.length);
    expect(await found()).to.deep.equal(expected);
  });

  const softphones = { 'a browser': 'client:anna', 'a SIP phone': 'sip:desk1@office.sip.twilio.com' };
  for (const [where, From] of Object.entries(softphones))
    it(`goes out when one of us makes it from ${where}`, async () => {
      const root = { From, Caller: From, To: '', Called: '' };
      await told(call(1, 'ringing', root));
      expect(await only()).to.deep.include({ direction: 'outbound', whose: [null] });
      const dialled = { ParentCallSid: sid('CA', 1), Direction: 'outbound-dial', From: OURS, To: CUSTOMER };
      await told(
        call(2, 'no-answer', { ...dialled, CallDuration: '0' }),
        call(1, 'completed', { ...root, CallDuration: '20' }),
      );
      expect(await only()).to.deep.include({ direction: 'outbound', whose: [CUSTOMER], says: ['No answer'] });
    });

  it('goes out when one of us makes it from a browser, by the API', async () => {
    stage.twilio.lists.Calls.push(
      callRow(2, 'completed', {
        from: OURS,
        to: CUSTOMER,
        direction: 'outbound-dial',
        parent_call_sid: sid('CA', 1),
      }),
      callRow(1, 'completed', { from: 'client:anna', to: '' }),
    );
    await stage.pull('the customer', async () => (await contacts()) === 1);
    expect(await only()).to.deep.include({ direction: 'outbound', whose: [CUSTOMER], says: ['Answered, 0:42'] });
  });

  it('reaches each of its states when Twilio says', async () => {
    const at = (time: string) => `Fri, 20 Nov 2026 ${time} +0000`;
    await told(
      call(1, 'completed', { Timestamp: at('10:01:06'), CallDuration: '61' }),
      call(1, 'ringing', { Timestamp: at('10:00:00') }),
      call(1, 'in-progress', { Timestamp: at('10:00:05') }),
    );
    const [{ status } = { status: null }] = await stage.interactions();
    const reached = Object.fromEntries(
      (status?.history ?? []).map(({ state, at: when }) => [state, when.toISOString()]),
    );
    expect(reached).to.deep.equal({
      ringing: '2026-11-20T10:00:00.000Z',
      'in-progress': '2026-11-20T10:00:05.000Z',
      completed: '2026-11-20T10:01:06.000Z',
    });
  });

  const putThrough = (n: number, over: Sent = {}) =>
    call(n, 'completed', {
      ParentCallSid: sid('CA', 1),
      Direction: 'outbound-dial',
      To: COLLEAGUE,
      CallDuration: '30',
      ...over,
    });

  it('stays to be sorted out when a withheld caller is put through to a colleague', async () => {
    const From = '+266696687';
    await told(
      call(1, 'ringing', { From }),
      putThrough(2, { From }),
      call(1, 'completed', { From, CallDuration: '42' }),
    );
    expect(await only()).to.deep.include({ direction: 'inbound', whose: [null] });
    expect(await contacts()).to.equal(0);
  });

  it('is the caller’s alone, whomever of us they are put through to', async () => {
    await told(call(1, 'ringing'), putThrough(2), putThrough(3, { To: '+358405550002', From: OURS }));
    expect(await only()).to.deep.include({ direction: 'inbound', whose: [CUSTOMER] });
    expect(await contacts()).to.equal(1);
  });
});
