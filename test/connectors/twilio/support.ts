import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Account, Connector } from '../../../connectors/contract.ts';
import { configSchema } from '../../../connectors/twilio/config.ts';
import { ACCOUNT, TOKEN } from '../../../connectors/twilio/fixtures/requests.ts';
import { makeTwilioConnector, TWILIO_HOSTS } from '../../../connectors/twilio/index.ts';
import { makeOutgoing } from '../../../server/access/outgoing.ts';
import { makeCheckpoints } from '../../../server/capture/checkpoints.ts';
import { until } from '../../faults/until.ts';
import { freshStore, makeHub } from '../../support/capture.ts';
import { type PlayedTwilio, startTwilio } from '../../support/twilio.ts';

/** A played Twilio, the connector, and a capture on a database of its own: what a hub does with an account, in this process. */
export const makeStage = async () => {
  const store = await freshStore();
  const hub = makeHub(store);
  const twilio: PlayedTwilio = await startTwilio({ account: ACCOUNT, token: TOKEN });
  const outgoing = makeOutgoing({ listed: [twilio.host] });
  const spool = await mkdtemp(join(tmpdir(), 'tft-twilio-'));
  const time = { ahead: 0 };
  const connector = makeTwilioConnector({
    fetch: outgoing.fetchFor(TWILIO_HOSTS),
    clock: () => Date.now() + time.ahead,
  });
  const logged: string[] = [];
  const log = (data: object, message: string): void => void logged.push(JSON.stringify({ ...data, message }));
  const accountWith = (config: object = {}): Account<never> =>
    ({
      id: 'tekstiviestit',
      name: 'Tekstiviestit',
      config: configSchema.parse({
        accountSid: ACCOUNT,
        authToken: TOKEN,
        apiUrl: twilio.url,
        reconcileSeconds: 600,
        ...config,
      }),
      ours: { addresses: new Set(), domains: new Set() },
      spool,
      log: { info: log, warn: log },
    }) as unknown as Account<never>;
  let token = 0;

  let lag: number | null = null;

  /** Pulls until `holds`; rejects with what the pull ended with. `lag`: as it was reported last. */
  const pull = async (
    what: string,
    holds: () => Promise<boolean>,
    config: object = {},
  ): Promise<{ lag: number | null }> => {
    const stop = new AbortController();
    lag = null;
    token += 1;
    const checkpoints = makeCheckpoints(store.models, 'tekstiviestit', token, seconds => {
      lag = seconds;
    });
    const account = accountWith(config);
    const batches = connector.pull?.(account as never, checkpoints, stop.signal) ?? [];
    const pulled = hub.pump(
      { account, connector: connector as unknown as Connector },
      batches as never,
      checkpoints,
      stop,
    );
    const ended = pulled.then(() => Promise.reject(new Error('the pull ended')));
    ended.catch(() => undefined);
    try {
      await Promise.race([until(what, holds, 20_000, 30), ended]);
    } finally {
      stop.abort('stop');
      await pulled.catch(() => undefined);
    }
    return { lag };
  };

  const interactions = () => store.models.interactions.find().sort({ externalId: 1 }).lean();
  const bytesOf = async (blob: string | undefined): Promise<Buffer> => {
    const opened = await hub.blobs.open(blob ?? '');
    return Buffer.concat((await opened?.stream.toArray()) ?? []);
  };
  return {
    store,
    hub,
    twilio,
    connector,
    accountWith,
    pull,
    interactions,
    bytesOf,
    spool,
    time,
    logged,
    lag: () => lag,
    counts: async (stream: string) =>
      (await store.models.checkpoints.findById(`tekstiviestit:${stream}`).lean())?.counts,
    close: async () => {
      await twilio.close();
      await outgoing.close();
      await store.close();
      await rm(spool, { recursive: true, force: true });
    },
  };
};

export type Stage = Awaited<ReturnType<typeof makeStage>>;
