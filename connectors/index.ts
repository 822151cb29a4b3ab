import type { Connector } from './contract.ts';
import { type EmailOptions, makeEmailConnector, TOKEN_HOSTS } from './email/index.ts';

/** What the hub lends its connectors. */
export interface ConnectorTools {
  /** a fetch that reaches these hosts of a provider, and those that TALTEEN_OUTGOING_HOSTS lists */
  fetchFor(providers: readonly string[]): EmailOptions['fetch'];
}

/** The registry: one line a connector. */
export const makeConnectors = ({ fetchFor }: ConnectorTools): ReadonlyMap<string, Connector> => {
  const connectors = [makeEmailConnector({ fetch: fetchFor(TOKEN_HOSTS) })];
  return new Map(connectors.map(connector => [connector.id, connector as unknown as Connector]));
};
