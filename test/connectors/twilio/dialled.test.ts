import { expect } from 'chai';
import type { CallDetails } from '../../../connectors/common/call.ts';
import type { Connector } from '../../../connectors/contract.ts';
import { CUSTOMER, call, OURS, type Sent, sid, signed } from '../../../connectors/twilio/fixtures/requests.ts';
import { batchOf } from '../../support/capture.ts';
import { callRow } from './rows.ts';
import { makeStage, type Stage } from './support.ts';

/** What Twilio asks the `action` of a `<Dial>`, once that is over. */
const action = (state: string, over: Sent): Sent =>
  call(1, state, { DialCallSid: sid('CA', 2), DialCallStatus: 'completed', ...over });

describe('twilio: a call that was put through', () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await makeStage();
  });
  afterEach(() => stage.close());

  /** Webhooks as the hub takes them, one after the other; what the call is then. */
  const told = async (...requests: [path: string, params: Sent][]) => {
    const account = stage.accountWith();
    const connector = stage.connector as unknown as Connector;
    for (const [path, params] of requests) {
      const { items = [] } = (await connector.receive?.(account, signed(path, params))) ?? {};
      await stage.hub.take([batchOf(items, { stream: 'webhooks' })], { account: account.id, connector });
    }
    return found();
  };
  const found = async () => {
    const [only, ...more] = await stage.interactions();
    expect(more).to.have.length(0);
    if (!only) throw new Error('There is no call.');
    const preview = (await stage.store.models.timeline.findOne({ interaction: only._id }).lean())?.preview;
    const { direction, participants } = only;
    return { ...(only.details as CallDetails).call, preview, direction, participants };
  };
  const dialled = action('completed', { DialCallDuration: '40' });
  const ended = call(1, 'completed', { CallDuration: '65' });
  const ringing = call(1, 'ringing');

  it('is as long as Twilio says of it, and not as the leg that it was put through to', async () => {
    const before = await told(['calls', ringing], ['call-status', dialled]);
    expect(before.legs.find(({ externalId }) => externalId === sid('CA', 1))).to.not.have.property('durationSeconds');
    const after = await told(['call-status', ended]);
    expect(after).to.deep.include({ durationSeconds: 65, talkSeconds: 40, answered: true, preview: 'Answered, 0:40' });
  });

  it('in whichever order that is told', async () => {
    const after = await told(['calls', ringing], ['call-status', ended], ['call-status', dialled]);
    expect(after).to.deep.include({ durationSeconds: 65, talkSeconds: 40, answered: true });
  });

  it('has its length from the API where the callback that says it got lost', async () => {
    await told(['calls', ringing], ['call-status', dialled]);
    stage.twilio.lists.Calls.push(
      callRow(1, 'completed', { duration: '65' }),
      callRow(2, 'completed', { duration: '40', parent_call_sid: sid('CA', 1), direction: 'outbound-dial' }),
    );
    await stage.pull('its length', async () => (await found()).durationSeconds === 65);
    expect(await found()).to.deep.include({ talkSeconds: 40, answered: true });
  });

  it('was no talk when nobody that it was put through to answered', async () => {
    const noAnswer = action('in-progress', { DialCallStatus: 'no-answer' });
    const after = await told(
      ['calls', ringing],
      ['call-status', noAnswer],
      ['call-status', call(1, 'completed', { CallDuration: '31' })],
    );
    expect(after).to.deep.include({ durationSeconds: 31, talkSeconds: 0, answered: false, preview: 'Missed' });
  });
  it('is whose Twilio lists that it was put through to, also when it tells of that leg before', async () => {
    const fromBrowser = { From: 'client:jane', Caller: 'client:jane', To: '', Called: '' };
    const rows = [
      callRow(1, 'completed', { from: 'client:jane', to: '', duration: '65' }),
      callRow(2, 'completed', {
        from: OURS,
        to: CUSTOMER,
        duration: '40',
        parent_call_sid: sid('CA', 1),
        direction: 'outbound-dial',
      }),
    ];
    await told(['calls', call(1, 'ringing', fromBrowser)]);
    await told(['call-status', action('in-progress', { ...fromBrowser, DialCallDuration: '40' })]);
    stage.twilio.lists.Calls.push(...rows);
    await stage.pull('who was called', async () => (await found()).participants.some(({ role }) => role === 'to'));
    const { legs, direction } = await found();
    expect(direction).to.equal('outbound');
    expect(legs.find(({ externalId }) => externalId === sid('CA', 2))).to.deep.include({
      from: OURS,
      to: CUSTOMER,
      durationSeconds: 40,
      startedAt: new Date(String(rows[1]?.start_time)).toISOString(),
      endedAt: new Date(String(rows[1]?.end_time)).toISOString(),
    });
    const entries = await stage.store.models.timeline.find().lean();
    expect(entries.map(({ contact }) => contact !== null)).to.deep.equal([true]);
  });
});
