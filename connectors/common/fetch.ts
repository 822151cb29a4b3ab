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
