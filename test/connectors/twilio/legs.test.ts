import { expect } from 'chai';
import type { CallDetails } from '../../../connectors/common/call.ts';
import type { Connector } from '../../../connectors/contract.ts';
import { ACCOUNT, call, recording, type Sent, sid, signed } from '../../../connectors/twilio/fixtures/requests.ts';
import { trusted } from '../../../models/schema.ts';
import { makeInbox } from '../../../server/capture/inbox.ts';
import { until } from '../../faults/until.ts';
import { makeStage, type Stage } from './support.ts';

/** 1 is the call, 2 a leg of it, 3 a leg of that. */
const leg = (n: number, of: number): Sent =>
  call(n, 'completed', {
    ...{ ParentCallSid: sid('CA', of), Direction: 'outbound-dial', To: `+35840555000${n}`, CallDuration: '30' },
  });

const TOLD: Record<string, [path: string, params: Sent]> = {
  call: ['call-status', call(1, 'completed', { CallDuration: '65' })],
  leg: ['call-status', leg(2, 1)],
  further: ['call-status', leg(3, 2)],
  recording: ['recordings', recording(1, 3)],
  transcript: [
    'transcriptions',
    {
      ...{ TranscriptionSid: sid('TR', 1), TranscriptionStatus: 'completed', TranscriptionText: 'Soitan huomenna.' },
      ...{ RecordingSid: sid('RE', 1), CallSid: sid('CA', 2), AccountSid: ACCOUNT },
    },
  ],
};

describe('twilio: what is told of a leg', () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await makeStage();
    const account = { _id: 'tekstiviestit', connector: 'twilio', name: 'Twilio', state: 'running' as const };
    await stage.store.models.accounts.create({ ...account, createdAt: new Date() });
  });
  afterEach(() => stage.close());

  const inboxOf = () => {
    const { models } = stage.store;
    const { blobs, capture, acquire } = stage.hub;
    const connectors = new Map([['twilio', stage.connector as unknown as Connector]]);
    const open = async () => stage.accountWith();
    return makeInbox({ models, blobs, capture, acquire, connectors, open, log: { warn: () => undefined } });
  };
  /** Takes webhooks in, each once the one before was looked at. */
  const take = async (order: readonly string[]): Promise<void> => {
    const inbox = inboxOf();
    inbox.start();
    const { models } = stage.store;
    for (const name of order) {
      const [path, params] = TOLD[name] ?? ['', {}];
      const account = stage.accountWith();
      const { items = [] } = (await stage.connector.receive?.(account, signed(path, params))) ?? {};
      await inbox.accept('tekstiviestit', { items });
      const unseen = () => models.inbox.countDocuments({ waitsFor: trusted({ $exists: false }) });
      await until(`${name} is looked at`, async () => (await unseen()) === 0, 5000, 20);
    }
    const waiting = () => models.inbox.countDocuments();
    await until(`nothing waits after ${order.join(', ')}`, async () => (await waiting()) === 0, 5000, 20);
    await inbox.stop();
  };

  for (const order of [
    ['call', 'leg', 'further', 'recording', 'transcript'],
    ['transcript', 'recording', 'further', 'leg', 'call'],
    ['recording', 'leg', 'transcript', 'call', 'further'],
  ])
    it(`is told of its call, in this order: ${order.join(', ')}`, async () => {
      await take(order);
      const [found, ...more] = await stage.interactions();
      expect([found?.externalId, more]).to.deep.equal([sid('CA', 1), []]);
      if (!found) return;
      const { call: made, recordings } = found.details as CallDetails;
      expect(made.legs.map(({ externalId }) => externalId).sort()).to.deep.equal([1, 2, 3].map(n => sid('CA', n)));
      expect(recordings).to.have.length(1);
      expect(recordings[0]).to.deep.include({ externalId: sid('RE', 1), transcript: 'Soitan huomenna.' });
      // all that is kept of it goes with it
      const kept = found.applied?.flatMap(({ original }) => original?.blob ?? []) ?? [];
      const blobs = await stage.store.models.blobs.find().lean();
      expect(kept).to.have.length(5);
      expect(blobs.filter(({ _id }) => kept.includes(_id)).map(({ owner }) => owner)).to.deep.equal(
        kept.map(() => found._id),
      );
    });
});
