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

export interface TwilioOptions {
  /** reaches Twilio, and what the hub allows besides */
  fetch: OutgoingFetch;
  /** ms since 1970; a test may have its own */
  clock?: () => number;
}

/** Twilio: SMS, MMS, WhatsApp, calls and their recordings; by webhook, and by comparing with its API. */
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
