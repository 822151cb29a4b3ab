import { ConnectorError } from '../contract.ts';

/** The part of a fetch's Response that connectors use. */
export interface OutgoingResponse {
  ok: boolean;
  status: number;
  headers: { get(name: string): string | null };
  body: (AsyncIterable<Uint8Array> & { cancel(): Promise<void> }) | null;
  text(): Promise<string>;
  json(): Promise<unknown>;
}

/**
 * The fetch that the hub gives a connector. It reaches only the provider's hosts and those in TALTEEN_OUTGOING_HOSTS, also when redirected, and rejects with
 * OutgoingRefused for others.
 */
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
