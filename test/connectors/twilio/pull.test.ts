import { readdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { sid } from '../../../connectors/twilio/fixtures/requests.ts';
import { faults, wave } from '../../support/twilio.ts';
import { callRow, messageRow, outgoing, recordingRow } from './rows.ts';
import { makeStage, type Stage } from './support.ts';

const DAY_MS = 24 * 3600_000;

describe('twilio: comparing with the API', () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await makeStage();
  });
  afterEach(() => stage.close());

  const stored = (n: number) => async () => (await stage.store.models.interactions.countDocuments()) >= n;
  const compared = (stream: string) => async () =>
    (
      (await stage.store.models.checkpoints.findById(`tekstiviestit:${stream}`).lean())?.position as {
        until?: number;
      } | null
    )?.until !== undefined;
  const comparedAgain = async () => {
    const lists = stage.twilio.requests.filter(({ path }) => /Transcriptions/.test(path)).length;
    if (lists >= 2) await sleep(300); // what follows upon it
    return lists >= 2;
  };
  const only = async () => {
    const [found, ...more] = await stage.interactions();
    expect(more).to.have.length(0);
    if (!found) throw new Error('There is no interaction.');
    return found;
  };
  /** A call with a recording of these bytes. */
  const withRecording = (bytes: Buffer, over: Record<string, unknown> = {}): void => {
    stage.twilio.lists.Calls.push(callRow(1, 'completed'));
    stage.twilio.lists.Recordings.push(recordingRow(1, 1, over));
    stage.twilio.files.set(sid('RE', 1), bytes);
  };
  const recorded = async () => (await stage.interactions()).some(({ parts }) => parts.length > 0);

  it('captures what was missed, over pages, in both directions, once', async () => {
    const { lists, state } = stage.twilio;
    state.pageSize = 2;
    lists.Messages.push(...[1, 2, 3, 4].map(n => messageRow(n)), outgoing(5, 'undelivered', { error_code: 30003 }));
    lists.Messages.push(messageRow(6, {}, 60 * 72));
    lists.Calls.push(callRow(1, 'completed'), callRow(2, 'no-answer', { duration: '0' }));
    await stage.pull('all that is listed', compared('media'));
    const found = await stage.interactions();
    expect(found.map(({ externalId, channel }) => [externalId, channel])).to.deep.equal([
      ...[1, 2].map(n => [sid('CA', n), 'call']),
      ...[1, 2, 3, 4, 5].map(n => [sid('SM', n), 'sms']),
    ]);
    const sent = found.find(({ externalId }) => externalId === sid('SM', 5));
    expect(sent?.direction).to.equal('outbound');
    expect(sent?.status?.history).to.have.length(1);
    expect(sent?.status?.history[0]).to.include({
      state: 'undelivered',
      error: 'The recipient’s phone can not be reached (30003)',
    });
    expect((await stage.counts('messages'))?.stored).to.equal(6);

    await stage.pull('another comparison', comparedAgain);
    expect(await stage.counts('messages')).to.deep.include({ stored: 6, duplicate: 0 });
    expect(await stage.store.models.interactions.countDocuments()).to.equal(7);
    const { held } = (await stage.store.models.checkpoints.findById('tekstiviestit:messages').lean()) ?? {};
    expect(held).to.equal(5);
  });

  it('goes back to its last comparison when that is longer ago than 48 hours', async () => {
    await stage.pull('a first comparison', compared('media'));
    stage.twilio.lists.Messages.push(messageRow(1, {}, 0));
    stage.time.ahead = 5 * DAY_MS;
    await stage.pull('the message', stored(1));
  });

  it('reads the call that a transfer’s legs belong to, and its transcript', async () => {
    const { lists, files } = stage.twilio;
    const leg = (n: number, over: object) =>
      callRow(n, 'completed', {
        parent_call_sid: sid('CA', 1),
        direction: 'outbound-dial',
        to: '+358405550001',
        ...over,
      });
    lists.Calls.push(
      callRow(1, 'completed', { duration: '120' }),
      leg(2, { duration: '20' }),
      leg(3, { duration: '70' }),
    );
    // put through by the third to somebody who didn't answer
    lists.Calls.push(leg(4, { parent_call_sid: sid('CA', 3), duration: '0', status: 'no-answer' }));
    lists.Recordings.push(recordingRow(1, 3, { channels: 2 }));
    files.set(sid('RE', 1), wave(64_000, 2));
    lists.Transcriptions.push({
      sid: sid('TR', 1),
      recording_sid: sid('RE', 1),
      status: 'completed',
      transcription_text: 'Hei, soitan varauksesta.',
      date_created: lists.Recordings[0]?.date_created,
    });
    await stage.pull('the recording', recorded, { recordingNotice: true });
    const call = await only();
    const { details, parts, direction } = call as typeof call & { details: never };
    expect(direction).to.equal('inbound');
    expect(details).to.have.nested.property('call.legs').with.length(4);
    expect(details).to.deep.include({
      recordings: [
        {
          externalId: sid('RE', 1),
          part: 1,
          durationSeconds: 42,
          channels: 2,
          notice: true,
          transcript: 'Hei, soitan varauksesta.',
          state: 'completed',
        },
      ],
    });
    expect(details).to.have.nested.include({
      'call.durationSeconds': 120,
      'call.talkSeconds': 90,
      'call.answered': true,
    });
    expect((await stage.bytesOf(parts[0]?.blob)).equals(wave(64_000, 2))).to.equal(true);
    expect(await readdir(stage.spool)).to.deep.equal([]);
    expect((await stage.store.models.timeline.findOne().lean())?.preview).to.equal('Answered, 1:30');
  });

  it('keeps the recording of a conference that is no call’s, to be sorted out', async () => {
    const { lists, files } = stage.twilio;
    lists.Recordings.push(recordingRow(1, 1, { call_sid: null, conference_sid: sid('CF', 1) }));
    lists.Recordings.push(recordingRow(2, 1, { call_sid: null, conference_sid: sid('CF', 1) }));
    lists.Recordings.push(recordingRow(3, 1, { call_sid: null, conference_sid: null }));
    for (const n of [1, 2]) files.set(sid('RE', n), wave(32_000));
    lists.Transcriptions.push({
      sid: sid('TR', 1),
      recording_sid: sid('RE', 1),
      status: 'completed',
      transcription_text: 'Kokous alkaa.',
      date_created: lists.Recordings[0]?.date_created,
    });
    await stage.pull('both recordings', async () => (await stage.interactions())[0]?.parts.length === 2);
    const { externalId, details, parts } = await only();
    expect(externalId).to.equal(sid('CF', 1));
    expect(details).to.have.property('recordings').with.length(2);
    expect(JSON.stringify(details)).to.include('Kokous alkaa.');
    for (const { blob } of parts) expect((await stage.bytesOf(blob)).equals(wave(32_000))).to.equal(true);
    const [entry, ...more] = await stage.store.models.timeline.find().lean();
    expect(more).to.deep.equal([]);
    expect(entry).to.deep.include({ contact: null, files: true, preview: 'Recording of a conference' });
    expect(entry?.reason).to.match(/conference/);
    expect(entry?.retention.policy).to.equal('unlinked');
    expect(await stage.store.models.contacts.countDocuments()).to.equal(0);
  });

  it('fetches the files of a message', async () => {
    stage.twilio.lists.Messages.push(messageRow(1, { body: '', num_media: '2' }));
    const picture = (n: number) => ({
      sid: sid('ME', n),
      content_type: 'image/png',
      bytes: Buffer.from(`picture ${n}`),
    });
    stage.twilio.media.set(sid('SM', 1), [picture(1), picture(2)]);
    await stage.pull('both files', async () => (await stage.interactions())[0]?.parts.length === 2);
    const { parts } = await only();
    expect(parts.map(({ type, name }) => [type, name])).to.deep.equal(
      [1, 2].map(n => ['image/png', `${sid('ME', n)}.png`]),
    );
    expect((await stage.bytesOf(parts[1]?.blob)).toString()).to.equal('picture 2');
  });

  it('goes on with a recording whose transfer was cut, and keeps it whole', async () => {
    withRecording(wave(200_000));
    stage.twilio.plan(sid('RE', 1), faults.cut, faults.cut);
    await stage.pull('the recording', recorded);
    const { parts } = await only();
    expect((await stage.bytesOf(parts[0]?.blob)).equals(wave(200_000))).to.equal(true);
    const ranges = stage.twilio.requests.filter(({ path }) => /\.wav$/.test(path)).map(({ range }) => range);
    expect(ranges[0]).to.equal(undefined);
    expect(ranges.slice(1).some(range => /^bytes=\d+-$/.test(range ?? ''))).to.equal(true);
  });

  it('never keeps one that is short although it ended in order', async () => {
    withRecording(wave(50_000));
    stage.twilio.plan(sid('RE', 1), faults.short, faults.short, faults.busy);
    await stage.pull('the recording', recorded);
    const { parts } = await only();
    expect((await stage.bytesOf(parts[0]?.blob)).equals(wave(50_000))).to.equal(true);
    expect(parts).to.have.length(1);
    expect(await stage.store.models.quarantine.countDocuments()).to.equal(0);
  });

  it('asks again for one that isn’t there yet', async () => {
    withRecording(wave(1000));
    const sound = stage.twilio.files.get(sid('RE', 1)) as Buffer;
    stage.twilio.files.delete(sid('RE', 1));
    setTimeout(() => stage.twilio.files.set(sid('RE', 1), sound), 800);
    await stage.pull('the recording', recorded);
    expect((await only()).parts).to.have.length(1);
  });

  it('does not follow a redirect to a host that isn’t listed, says so, and goes on with the rest', async () => {
    withRecording(wave(1000));
    stage.twilio.lists.Recordings.push(recordingRow(2, 1));
    stage.twilio.files.set(sid('RE', 2), wave(2000));
    const away = faults.redirectTo('http://127.0.0.1:9/stolen.wav');
    stage.twilio.plan(sid('RE', 1), ...Array.from({ length: 20 }, () => away));
    await stage.pull('what can’t be fetched', async () => (await stage.store.models.quarantine.countDocuments()) === 1);
    const { parts } = await only();
    expect(parts.map(({ name }) => name)).to.deep.equal([`${sid('RE', 2)}.wav`]);
    const row = await stage.store.models.quarantine.findOne().lean();
    expect(row?.reason).to.include('TALTEEN_OUTGOING_HOSTS');
    expect(row?.locator).to.equal(`recording:${sid('RE', 1)}`);
    stage.twilio.plan(sid('RE', 1));
    await stage.pull('it after all', async () => (await only()).parts.length === 2);
    expect((await stage.store.models.quarantine.findOne().lean())?.state).to.equal('captured');
  });

  it('deletes a recording at Twilio only where the account says so, and only days after it is here', async () => {
    withRecording(wave(1000));
    const deletions = () => stage.twilio.requests.filter(({ method }) => method === 'DELETE').length;
    const known = async () => (await recorded()) && (await compared('media')());
    await stage.pull('the recording', known, { deleteRecordingsAfterDays: 7 });
    stage.time.ahead = 6 * DAY_MS;
    await stage.pull('a comparison', comparedAgain, { deleteRecordingsAfterDays: 7 });
    expect(deletions()).to.equal(0);
    stage.time.ahead = 8 * DAY_MS;
    await stage.pull('the deletion', async () => deletions() === 1, { deleteRecordingsAfterDays: 7 });
    expect((await only()).parts).to.have.length(1);
  });

  it('says in words that the token is refused, and uses the one before while tokens are changed', async () => {
    stage.twilio.state.token = 'another token';
    const error = await stage.pull('nothing', async () => false).catch((caught: Error) => caught);
    expect(error).to.include({ name: 'ConnectorError', remedy: 'stop' });
    expect(stage.lag(), 'what is not compared is not level').to.equal(null);
    stage.twilio.lists.Messages.push(messageRow(1));
    await stage.pull('the message', stored(1), { previousAuthToken: 'another token' });
    expect(stage.logged.join()).to.not.include('another token');
  });

  it('says which setting lets it reach an address that isn’t Twilio’s', async () => {
    stage.twilio.lists.Messages.push(messageRow(1));
    await stage.pull('the message', stored(1));
    const error = await stage
      .pull('nothing', async () => false, { apiUrl: 'http://127.0.0.1:9' })
      .catch((caught: Error) => caught);
    expect(error).to.include({ name: 'ConnectorError', remedy: 'retry' });
    expect((error as Error).message).to.include('TALTEEN_OUTGOING_HOSTS');
  });
});
