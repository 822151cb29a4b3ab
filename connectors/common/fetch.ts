import { ConnectorError } from '../contract.ts';

/** What connectors get of an answer. */
export interface OutgoingResponse {
  ok: boolean;
  status: number;
  headers: { get(name: string): string | null };
  body: (AsyncIterable<Uint8Array> & { cancel(): Promise<void> }) | null;
  text(): Promise<string>;
  json(): Promise<unknown>;
}

/** The fetch that the hub lends a connector: it reaches the hosts of its provider and listed ones only, redirects included, and rejects with OutgoingRefused else. */
export type OutgoingFetch = (
  url: string,
  init?: { method?: string; headers?: Record<string, string>; body?: string; signal?: AbortSignal },
) => Promise<OutgoingResponse>;

/** The ConnectorError ('retry') for a fetch that this hub refused to make: it works by itself once TALTEEN_OUTGOING_HOSTS lists the host. Undefined for any other error. */
export const outgoingRefusal = (error: unknown): ConnectorError | undefined => {
  const { name, message } = error as Error;
  if (name !== 'OutgoingRefused') return undefined;
  const words = `${message}. If it is meant, list it in TALTEEN_OUTGOING_HOSTS.`;
  return new ConnectorError('retry', words, { cause: error });
};
