import { t } from '../i18n/index.ts';
import { topic } from './topic.ts';
import type { Problem } from './types.ts';

/** What went wrong with a call, in words a person can act on. `status` 0: no answer at all. */
export interface Fault extends Error {
  status: number;
  errors: NonNullable<Problem['errors']>;
}

export const fault = (status: number, message: string, errors: Fault['errors'] = []): Fault =>
  Object.assign(new Error(message), { status, errors });

export const isFault = (error: unknown): error is Fault => error instanceof Error && 'status' in error;

export type Query = Record<string, string | number | boolean | undefined | null>;

/** The address of a call, with the parameters that are set. */
export const address = (path: string, query: Query = {}): string => {
  const set = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== '');
  const search = new URLSearchParams(set.map(([key, value]) => [key, String(value)])).toString();
  return `/api/v1${path}${search ? `?${search}` : ''}`;
};

const ended = topic();
/** Calls its listener when the server says that the session is over. Returns the way off. */
export const onSessionEnd = ended.on;
/** Tells the page that nobody is signed in any more. */
export const endSession = (): void => ended.tell();

const general = (status: number): string => {
  if (status === 413) return t.problem.tooLarge;
  if (status === 403) return t.state.forbidden;
  if (status === 404) return t.state.missingRecord;
  if (status === 503) return t.problem.away;
  return status >= 500 ? t.problem.server : t.problem.unexpected;
};

/** Turns a problem document (RFC 9457) into a fault with words. */
export const problemOf = (status: number, body: string): Fault => {
  try {
    const problem = JSON.parse(body) as Problem;
    return fault(status, problem.detail || problem.title || general(status), problem.errors ?? []);
  } catch {
    return fault(status, general(status));
  }
};

export interface Call {
  method?: string;
  query?: Query;
  body?: unknown;
  signal?: AbortSignal;
  headers?: Record<string, string>;
}

/** One call; resolves to the response when it is 2xx, else throws a Fault. A 401 also ends the session on the page. */
export const send = async (
  path: string,
  { method = 'GET', query, body, signal, headers }: Call = {},
): Promise<Response> => {
  const response = await fetch(address(path, query), {
    method,
    signal: signal ?? null,
    headers: {
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }).catch(error => {
    if (signal?.aborted) throw error;
    throw fault(0, t.problem.offline);
  });
  if (response.ok) return response;
  if (response.status === 401 && path !== '/session') {
    endSession();
    throw fault(401, t.problem.ended);
  }
  throw problemOf(response.status, await response.text().catch(() => ''));
};

/** One call that answers JSON (or nothing: undefined). */
export const api = async <T>(path: string, call?: Call): Promise<T> => {
  const response = await send(path, call);
  return (response.status === 204 ? undefined : await response.json()) as T;
};

/** A call whose answer is JSON lines (a plain array or {rungs} too): `each` gets them as they come. */
export const lines = async <T>(path: string, call: Call, each: (row: T) => void): Promise<void> => {
  const response = await send(path, { ...call, headers: { accept: 'application/x-ndjson' } });
  if (!response.headers.get('content-type')?.includes('ndjson') || !response.body) {
    const whole = (await response.json()) as T[] | { rungs: T[] };
    for (const row of Array.isArray(whole) ? whole : whole.rungs) each(row);
    return;
  }
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
    const rows = (rest + chunk.value).split('\n');
    rest = rows.pop() ?? '';
    for (const row of rows) if (row.trim()) each(JSON.parse(row) as T);
  }
  if (rest.trim()) each(JSON.parse(rest) as T);
};

/** Sends files with progress (fetch can't tell how much was sent). Resolves to the answer's JSON. */
export const upload = <T>(path: string, form: FormData, progress: (fraction: number) => void): Promise<T> =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', address(path));
    request.setRequestHeader('accept', 'application/json');
    request.upload.onprogress = event => event.lengthComputable && progress(event.loaded / event.total);
    const cut = () => reject(fault(0, t.problem.offline));
    Object.assign(request, { onerror: cut, onabort: cut, ontimeout: cut });
    request.onload = () => {
      const { status, responseText } = request;
      if (status === 401) {
        endSession();
        return reject(fault(401, t.problem.ended));
      }
      if (status >= 300) return reject(problemOf(status, responseText));
      try {
        resolve(JSON.parse(responseText) as T);
      } catch {
        reject(problemOf(status, responseText)); // a proxy's page
      }
    };
    request.send(form);
  });
