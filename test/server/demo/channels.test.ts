import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { readConfig } from '../../../config/index.ts';
import { CHAT_AGENTS, channelHistory, DESK_NUMBER, liveScenes } from '../../../samples/index.ts';
import { runDemo } from '../../../server/demo/run.ts';
import { type PlayedTwilio, playTwilio } from '../../../server/demo/twilio-api.ts';
import { type Hub, startHub } from '../../../server/hub.ts';
import { makeLog } from '../../../server/logging.ts';
import { freshDb } from '../../support/mongod.ts';
import { samples } from './desk.ts';

const log = makeLog('silent');
const sizes = { messages: 20, events: 12, calls: 12, recordings: 2, chats: 6 };

const until = async (words: string, what: () => Promise<boolean>, ms = 120_000): Promise<void> => {
  const end = Date.now() + ms;
  while (!(await what())) {
    if (Date.now() > end) throw new Error(`it did not come true in time: ${words}`);
    await sleep(50);
  }
};

describe('the demo, in every channel', function () {
  this.timeout(180_000);
  let hub: Hub;
  let twilio: PlayedTwilio;
  let dataDir: string;

  before(async () => {
    twilio = await playTwilio();
    dataDir = await mkdtemp(join(tmpdir(), 'tdc-'));
    const config = readConfig({
      MONGODB_URI: (await freshDb()).uri,
      TALTEEN_SECRET: 'a secret of the demo test',
      TALTEEN_DATA: dataDir,
      PORT: '0',
      TALTEEN_OWN_DOMAINS: 'varaamo.example',
      TALTEEN_OUTGOING_HOSTS: twilio.host,
    });
    hub = await startHub({ config, log, announce: () => undefined });
  });
  after(async () => {
    await hub?.close();
    await twilio?.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  const channels = {
    history: (now: Date) => channelHistory({ seed: 3, now, ...sizes }),
    scenes: () => liveScenes({ seed: 3, clock: () => new Date('2026-11-24T12:00:00Z') }),
    ours: DESK_NUMBER,
    chatAgents: CHAT_AGENTS,
    get twilio() {
      return twilio;
    },
  };

  /** Plays until `enough`; ends well or throws what went wrong. */
  const play = async (words: string, enough: () => Promise<boolean>): Promise<void> => {
    const over = new AbortController();
    let ready = false;
    const done = runDemo({
      hub,
      samples: { ...samples, channels },
      log,
      signal: over.signal,
      wait: () => 300,
      ready: async () => {
        ready = true;
      },
    });
    try {
      await Promise.race([until(words, async () => ready && (await enough())), done]);
    } finally {
      over.abort();
      await done;
    }
  };

  const by = async (connector: string) => hub.core.models.interactions.find({ connector }).lean();
  const states = async () => (await by('twilio')).flatMap(({ status }) => status?.state ?? []);

  it('has two years of each behind it, and goes on in each through its own entrance', async () => {
    await play('a scene of each kind', async () => {
      const calls = (await by('twilio')).filter(({ channel }) => channel === 'call');
      const reached = await states();
      const [chat] = await by('chat');
      return (
        calls.some(({ parts }) => parts.length > 0) &&
        calls.some(({ status }) => status?.state === 'no-answer') &&
        reached.includes('delivered') &&
        (chat?.lastSeq ?? 0) >= 3
      );
    });
    const { models } = hub.core;
    const exchange = await by('calllog');
    expect(exchange).to.have.length(sizes.calls);
    expect(exchange.filter(({ parts }) => parts.length > 0)).to.have.length(sizes.recordings);
    expect(await by('transcripts')).to.have.length(sizes.chats);
    expect((await by('webhook')).length).to.be.within(sizes.messages, sizes.messages * 2);
    expect(await models.registerEvents.countDocuments()).to.be.at.least(sizes.events);
    const [first] = await models.messages.find({ direction: 'outbound' }).lean();
    expect(CHAT_AGENTS).to.include(first?.sender.name ?? '');
    expect(await models.timeline.countDocuments({ retention: null })).to.equal(0);
    expect(await models.accounts.countDocuments({ state: 'parked' })).to.equal(0);
  });

  it('goes on at a later start with new secrets, and doubles nothing of the past', async () => {
    const before = (await by('twilio')).length;
    const accounts = await hub.core.models.accounts.countDocuments();
    await play('one more', async () => (await by('twilio')).length > before);
    expect(await hub.core.models.accounts.countDocuments()).to.equal(accounts);
    expect(await by('calllog')).to.have.length(sizes.calls);
    expect(await by('transcripts')).to.have.length(sizes.chats);
    expect(await hub.core.access.tokens.list()).to.deep.equal([]);
  });
});
