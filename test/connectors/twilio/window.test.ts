import { expect } from 'chai';
import type { CallDetails } from '../../../connectors/common/call.ts';
import { CUSTOMER, OURS, sid } from '../../../connectors/twilio/fixtures/requests.ts';
import { rfc2822, wave } from '../../support/twilio.ts';
import { ago, callRow, messageRow, outgoing, recordingRow } from './rows.ts';
import { makeStage, type Stage } from './support.ts';

const HOUR_MS = 3600_000;
const WINDOW = 48 * 60;

describe('twilio: what lies at the edge of a comparison', () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await makeStage();
  });
  afterEach(() => stage.close());

  const untilOf = async (): Promise<number> => {
    const row = await stage.store.models.checkpoints.findById('tekstiviestit:media').lean();
    return (row?.position as { until?: number } | null)?.until ?? 0;
  };
  /** One whole comparison. */
  const compare = async (config: object = {}): Promise<void> => {
    const before = await untilOf();
    await stage.pull('a comparison', async () => (await untilOf()) > before, config);
  };
  const found = async (externalId: string) =>
    (await stage.interactions()).find(interaction => interaction.externalId === externalId);
  const detailsOf = async (externalId: string) => (await found(externalId))?.details as CallDetails | undefined;
  const transcription = (n: number) => ({
    sid: sid('TR', n),
    recording_sid: sid('RE', n),
    status: 'completed',
    transcription_text: `Puhe ${n}`,
    date_created: rfc2822(ago(30)),
    date_updated: rfc2822(ago(30)),
  });

  it('is finished that was under way when the hub went away for days', async () => {
    const { lists, files } = stage.twilio;
    lists.Calls.push(callRow(1, 'in-progress', { end_time: null, duration: null }, 20));
    lists.Recordings.push(recordingRow(1, 1, { status: 'processing', duration: '-1' }, 20));
    lists.Messages.push(outgoing(1, 'sent', {}));
    await compare();
    lists.Calls[0] = callRow(1, 'completed', { duration: '900' }, 20);
    lists.Recordings[0] = recordingRow(1, 1, { duration: '880' }, 20);
    lists.Messages[0] = outgoing(1, 'undelivered', { error_code: 30003 });
    files.set(sid('RE', 1), wave(1000));
    stage.time.ahead = 60 * HOUR_MS;
    await compare();
    expect(await detailsOf(sid('CA', 1))).to.have.nested.include({ 'call.durationSeconds': 900 });
    expect((await found(sid('CA', 1)))?.parts).to.have.length(1);
    expect((await found(sid('SM', 1)))?.status?.state).to.equal('undelivered');
  });

  it('is the call, begun before it, of a leg and a recording within it', async () => {
    const { lists, files, requests } = stage.twilio;
    lists.Calls.push(
      callRow(1, 'completed', { duration: '1200' }, WINDOW + 10),
      // put through by a leg that began before it, too
      callRow(2, 'completed', { parent_call_sid: sid('CA', 1), direction: 'outbound-dial' }, WINDOW + 8),
      callRow(
        3,
        'completed',
        { parent_call_sid: sid('CA', 2), from: OURS, to: CUSTOMER, direction: 'outbound-dial', duration: '600' },
        WINDOW - 5,
      ),
    );
    lists.Recordings.push(recordingRow(1, 3, {}, WINDOW - 5));
    files.set(sid('RE', 1), wave(1000));
    await compare({ deleteRecordingsAfterDays: 1 });
    expect(await stage.interactions()).to.have.length(1);
    const { call, recordings } = (await detailsOf(sid('CA', 1))) ?? { call: { legs: [] }, recordings: [] };
    expect(call.legs.map(({ externalId }) => externalId)).to.have.members([1, 2, 3].map(n => sid('CA', n)));
    expect(recordings.map(({ part }) => part)).to.deep.equal([1]);
    expect(await stage.store.models.inbox.countDocuments()).to.equal(0);
    expect(requests.filter(({ path }) => /\/Calls\/\w+\.json$/.test(path))).to.have.length(2);
  });

  it('is a recording whose call Twilio has no more: by itself, to be sorted out, before it is deleted there', async () => {
    const { lists, files } = stage.twilio;
    lists.Recordings.push(recordingRow(1, 1));
    files.set(sid('RE', 1), wave(1000));
    await compare();
    expect((await found(sid('CA', 1)))?.parts).to.have.length(1);
    const [entry, ...more] = await stage.store.models.timeline.find().lean();
    expect(more).to.deep.equal([]);
    expect(entry).to.include({ contact: null, preview: 'Recording of a call' });
    expect(entry?.reason).to.match(/doesn’t know any more/);
  });

  it('is no transcript of a recording that is gone; the others come', async () => {
    const { lists, files } = stage.twilio;
    lists.Calls.push(callRow(1, 'completed'), callRow(2, 'completed'));
    lists.Recordings.push(recordingRow(1, 1));
    files.set(sid('RE', 1), wave(1000));
    lists.Transcriptions.push(transcription(1), transcription(2));
    await compare();
    const { recordings } = (await detailsOf(sid('CA', 1))) ?? { recordings: [] };
    expect(recordings.map(({ transcript }) => transcript)).to.deep.equal(['Puhe 1']);
  });

  it('are messages beside one whose files can’t be listed', async () => {
    const { lists, withoutMedia } = stage.twilio;
    lists.Messages.push(messageRow(1, { num_media: '1', body: 'Kuva' }), messageRow(2), messageRow(3));
    withoutMedia.add(sid('SM', 1));
    await compare();
    expect(await stage.interactions()).to.have.length(3);
  });
});
