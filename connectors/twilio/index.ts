import type { OutgoingFetch } from '../common/fetch.ts';
import type { Connector } from '../contract.ts';
import { configSchema, regionWarning, secrets, secretsGoTo, type TwilioConfig } from './config.ts';
import { webhookHelp } from './help.ts';
import { makeHints } from './hints.ts';
import { detailsSchema, fold } from './items/fold.ts';
import { makePull } from './rest/pull.ts';
import { makeAnswering } from './rest/send.ts';
import { makeTest } from './test-account.ts';
import { makeReceive, webhooks } from './webhooks/receive.ts';

export { TWILIO_HOSTS } from './config.ts';

/** What the hub gives the connector. */
export interface TwilioOptions {
  /** reaches Twilio's hosts and those in TALTEEN_OUTGOING_HOSTS */
  fetch: OutgoingFetch;
  /** Unix milliseconds; for tests */
  clock?: () => number;
}

/** The connector for Twilio: SMS, MMS, WhatsApp, calls and recordings, by webhooks and by comparison with its API. */
export const makeTwilioConnector = ({ fetch, clock = Date.now }: TwilioOptions): Connector<TwilioConfig> => {
  const hints = makeHints();
  return {
    id: 'twilio',
    label: 'Twilio (SMS, WhatsApp, calls)',
    configSchema,
    secrets,
    secretsGoTo,
    detailsSchema,
    webhooks,
    webhookHelp,
    warnings: ({ region }) => [regionWarning({ region }) ?? []].flat(),
    test: makeTest({ fetch }),
    answering: makeAnswering({ fetch }),
    pull: makePull({ fetch, hints, clock }),
    receive: makeReceive(hints, () => new Date(clock())),
    fold,
  };
};
