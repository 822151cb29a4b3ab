import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { readConfig } from '../../../config/index.ts';
import { runDemo } from '../../../server/demo/run.ts';
import { makeDemoState } from '../../../server/demo/state.ts';
import { type Hub, startHub } from '../../../server/hub.ts';
import { makeLog } from '../../../server/logging.ts';
import { atEnd } from '../../support/closers.ts';
import { freshDb } from '../../support/mongod.ts';
import { MAILS, samples } from './desk.ts';

const log = makeLog('silent');

/** A hub of its own, on an empty database. */
const freshHub = async (): Promise<Hub> => {
  const dataDir = await mkdtemp(join(tmpdir(), 'tdm-'));
  const { uri } = await freshDb();
  const config = readConfig({
    MONGODB_URI: uri,
    TALTEEN_SECRET: 'a secret of the demo test',
    TALTEEN_DATA: dataDir,
    PORT: '0',
    TALTEEN_OWN_DOMAINS: 'varaamo.example',
  });
  const hub = await startHub({ config, log, announce: () => undefined });
  const off = atEnd(() => end());
  const end = async (): Promise<void> => {
    off();
    await hub.close();
    await rm(dataDir, { recursive: true, force: true });
  };
  return { ...hub, close: end };
};

const until = async (what: () => Promise<boolean>, ms = 30_000): Promise<void> => {
  const end = Date.now() + ms;
  while (!(await what())) {
    if (Date.now() > end) throw new Error('it did not come true in time');
    await sleep(30);
  }
};

/** Plays the demo until `enough`, and answers how long the day had gone when it was ready. */
const play = async (hub: Hub, enough: () => Promise<boolean>, wait = 20): Promise<void> => {
  const over = new AbortController();
  let ready = false;
  const done = runDemo({
    hub,
    samples,
    log,
    signal: over.signal,
    wait: () => wait,
    ready: async () => {
      ready = true;
    },
  });
  try {
    await Promise.race([until(async () => ready && (await enough())), done]);
  } finally {
    over.abort();
    await done;
  }
};

describe('the demo', () => {
  let hub: Hub;
  before(async () => {
    hub = await freshHub();
  });
  after(() => hub.close());

  const counts = async () => {
    const { models } = hub.core;
    const [contacts, interactions, quarantine, organisations, accounts] = await Promise.all([
      models.contacts.countDocuments({ provisional: false }),
      models.interactions.countDocuments(),
      models.quarantine.countDocuments(),
      models.organisations.countDocuments(),
      models.accounts.countDocuments(),
    ]);
    return { contacts, interactions, quarantine, organisations, accounts };
  };

  it('fills an empty hub, and only then says that it is ready', async () => {
    await play(hub, async () => true, 60_000);
    expect(await counts()).to.deep.equal({
      contacts: 40,
      interactions: MAILS,
      quarantine: 1,
      organisations: 12,
      accounts: 2,
    });
    expect(await hub.core.models.timeline.countDocuments({ contact: null })).to.be.above(0);
    expect(await hub.core.models.timeline.countDocuments({ retention: null })).to.equal(0);
  });

  it('says in words what is wrong with the mailbox that it breaks', async () => {
    const fault = async () => (await hub.core.accounts.byName('Old mailbox'))?.lastError ?? '';
    await until(async () => (await fault()) !== '');
    expect(await fault()).to.match(/refuses connections/);
  });

  it('keeps mail arriving, goes on with it at a later start, and doubles nothing', async () => {
    const arrived = async () => (await counts()).interactions - MAILS;
    await play(hub, async () => (await arrived()) >= 3);
    await until(async () => (await hub.core.models.imports.countDocuments({ state: 'running' })) === 0);
    const state = await makeDemoState(hub.core.models).open();
    expect(await arrived()).to.be.within((state?.sent.length ?? 0) - 1, state?.sent.length ?? 0);
    const before = await arrived();
    await play(hub, async () => (await arrived()) >= before + 2);
    expect(await counts()).to.include({ contacts: 40, quarantine: 1, organisations: 12, accounts: 2 });
    await until(async () => (await hub.core.models.imports.countDocuments({ state: 'running' })) === 0);
    const all = await hub.core.models.interactions.find({}, 'externalId subject').lean();
    // one sample uses the Message-ID of another
    const mails = all.map(({ externalId, subject }) => `${externalId} ${subject}`);
    expect(new Set(mails).size, 'each mail once').to.equal(mails.length);
  });

  it('leaves no token behind', async () => {
    expect(await hub.core.access.tokens.list()).to.deep.equal([]);
  });

  it('fills what an interrupted start had begun, without doubles', async () => {
    const other = await freshHub();
    const over = new AbortController();
    const cut = { info: () => over.abort(), warn: () => undefined };
    await runDemo({ hub: other, samples, log: cut, signal: over.signal, ready: async () => undefined });
    const { models } = other.core;
    expect(await models.organisations.countDocuments()).to.equal(12);
    expect(await models.interactions.countDocuments()).to.equal(0);
    await play(other, async () => true, 60_000);
    expect(await models.organisations.countDocuments()).to.equal(12);
    expect(await models.interactions.countDocuments()).to.equal(MAILS);
    await other.close();
  });

  it('refuses a database that holds something else', async () => {
    const other = await freshHub();
    await other.core.accounts.ensureForImports('imports');
    const refusal = await runDemo({
      hub: other,
      samples,
      log,
      signal: new AbortController().signal,
      ready: async () => undefined,
    }).catch((error: Error) => error.message);
    expect(refusal).to.match(/holds more than the demo/);
    await other.close();
  });
});
