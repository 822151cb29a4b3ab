import { lookup as systemLookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import type { Agent, Dispatcher, RequestInit, Response } from 'undici';
import { isListed, isPrivateAddress, literalAddress } from './outgoing-hosts.ts';

const REDIRECTS = 5;
const TIMEOUT = 30_000;

/** The request was not sent: its host isn't on the list, or its name leads to an address that must not be reached. */
export class OutgoingRefused extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'OutgoingRefused';
  }
}

export interface OutgoingOptions {
  /** TALTEEN_OUTGOING_HOSTS: host or host:port; these may be private addresses too */
  listed: readonly string[];
  /** how names are resolved; the system's way unless a test says otherwise */
  lookup?: LookupFunction;
}

/** Resolves and refuses in one step: the address that was checked is the one that is connected to, so that a second answer of the name server changes nothing. */
const publicOnly =
  (lookup: LookupFunction): LookupFunction =>
  (host, options, done) =>
    lookup(host, options, (error, found, family) => {
      const addresses = Array.isArray(found) ? found.map(({ address }) => address) : [found];
      if (error || !addresses.some(isPrivateAddress)) return done(error, found, family);
      done(new OutgoingRefused(`${host} resolves to a private address`), found, family);
    });

interface Client {
  fetch: typeof import('undici').fetch;
  Headers: typeof import('undici').Headers;
  /** reaches any address */
  open: Agent;
  /** reaches public addresses only */
  guarded: Agent;
}

/** The client is loaded with the first request: most hubs ask nobody, and a start needn't wait for it. */
const loadClient = async (lookup: LookupFunction): Promise<Client> => {
  const undici = await import('undici');
  const agent = (how: LookupFunction) =>
    new undici.Agent({ connect: { lookup: how }, headersTimeout: TIMEOUT, bodyTimeout: TIMEOUT });
  return { fetch: undici.fetch, Headers: undici.Headers, open: agent(lookup), guarded: agent(publicOnly(lookup)) };
};

/**
 * A fetch for outgoing HTTP(S) that reaches `providers` (hosts of the caller's provider, public addresses only) and the listed
 * hosts, and nothing else: OutgoingRefused otherwise. GET and HEAD follow redirects, each checked as the first; other methods don't.
 */
export const makeOutgoing = ({ listed, lookup = systemLookup as LookupFunction }: OutgoingOptions) => {
  let loaded: Promise<Client> | undefined;
  const client = (): Promise<Client> => {
    loaded ??= loadClient(lookup);
    return loaded;
  };

  const dispatcherFor = ({ open, guarded }: Client, url: URL, providers: readonly string[]): Dispatcher => {
    if (!/^https?:$/.test(url.protocol)) throw new OutgoingRefused(`${url.protocol} is not HTTP`);
    if (isListed(listed, url)) return open;
    if (!isListed(providers, url))
      throw new OutgoingRefused(`${url.host} is not on the list of hosts that may be reached`);
    const address = literalAddress(url);
    if (address && isPrivateAddress(address)) throw new OutgoingRefused(`${url.host} is a private address`);
    return guarded;
  };

  const send = async (url: URL, init: RequestInit, providers: readonly string[]): Promise<Response> => {
    const loaded = await client();
    const dispatcher = dispatcherFor(loaded, url, providers);
    try {
      return await loaded.fetch(url, { ...init, dispatcher, redirect: 'manual' });
    } catch (error) {
      // fetch wraps what happened while connecting
      const cause = (error as Error).cause;
      throw cause instanceof OutgoingRefused ? cause : error;
    }
  };

  const withoutCredentials = async (init: RequestInit): Promise<RequestInit> => {
    const { Headers } = await client();
    const headers = new Headers(init.headers);
    for (const name of ['authorization', 'cookie', 'proxy-authorization']) headers.delete(name);
    return { ...init, headers: [...headers] };
  };

  const follow = async (url: URL, init: RequestInit, providers: readonly string[], left: number): Promise<Response> => {
    const response = await send(url, init, providers);
    const location = response.headers.get('location');
    const follows = /^(GET|HEAD)$/i.test(init.method ?? 'GET');
    if (!location || response.status < 300 || response.status > 399 || !follows) return response;
    await response.body?.cancel();
    if (left === 0) throw new OutgoingRefused(`more than ${REDIRECTS} redirects`);
    const next = new URL(location, url);
    return follow(next, next.origin === url.origin ? init : await withoutCredentials(init), providers, left - 1);
  };

  /** The fetch of one caller, whose provider has these hosts. */
  const fetchFor =
    (providers: readonly string[] = []) =>
    async (url: string | URL, init: RequestInit = {}): Promise<Response> =>
      follow(new URL(url), init, providers, REDIRECTS);

  return {
    fetchFor,
    fetch: fetchFor(),
    close: async (): Promise<void> => {
      const made = await loaded;
      await Promise.all([made?.open.close(), made?.guarded.close()]);
    },
  };
};

export type Outgoing = ReturnType<typeof makeOutgoing>;
