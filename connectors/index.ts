import { makeCalllogConnector } from './calllog/index.ts';
import { makeChatConnector } from './chat/index.ts';
import type { OutgoingFetch } from './common/fetch.ts';
import type { Connector } from './contract.ts';
import { makeEmailConnector, TOKEN_HOSTS } from './email/index.ts';
import { makeTranscriptsConnector } from './transcripts/index.ts';
import { makeTwilioConnector, TWILIO_HOSTS } from './twilio/index.ts';
import { makeWebhookConnector } from './webhook/index.ts';

/** What the hub lends its connectors. */
export interface ConnectorTools {
  /** a fetch that reaches these hosts of a provider, and those that TALTEEN_OUTGOING_HOSTS lists */
  fetchFor(providers: readonly string[]): OutgoingFetch;
  /** country (ISO 3166) and time zone (IANA) that hold where an account says no other */
  country: string;
  zone: string;
  /** the hub's own folder: nothing is taken in from there */
  dataDir: string;
}

/** The registry: one line a connector. */
export const makeConnectors = ({
  fetchFor,
  country,
  zone,
  dataDir,
}: ConnectorTools): ReadonlyMap<string, Connector> => {
  const connectors = [
    // one a line: a new source adds its own
    makeEmailConnector({ fetch: fetchFor(TOKEN_HOSTS) }),
    makeCalllogConnector({ country, zone, dataDir }),
    makeChatConnector(),
    makeTranscriptsConnector({ country, zone }),
    makeTwilioConnector({ fetch: fetchFor(TWILIO_HOSTS) }),
    makeWebhookConnector(),
  ];
  return new Map(connectors.map(connector => [connector.id, connector as unknown as Connector]));
};
