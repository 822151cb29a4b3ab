import { TOKEN } from './program.ts';

/** An answer that wasn't 2xx. */
export class ApiError extends Error {
  readonly status: number;
  constructor(status: number, body: string) {
    super(`HTTP ${status}: ${body.slice(0, 500)}`);
    this.name = 'ApiError';
    this.status = status;
  }
}

/** The API of one hub, called as its administrator. */
export const makeApi = (address: string) => {
  const call = async (path: string, { headers, ...init }: RequestInit = {}): Promise<Response> => {
    const response = await fetch(`${address}/api/v1${path}`, {
      signal: AbortSignal.timeout(30_000),
      ...init,
      headers: { authorization: `Bearer ${TOKEN}`, ...(headers as Record<string, string>) },
    });
    if (!response.ok) throw new ApiError(response.status, await response.text());
    return response;
  };

  const json = async <T>(path: string, init?: RequestInit): Promise<T> => (await call(path, init)).json() as Promise<T>;

  return {
    get: <T>(path: string): Promise<T> => json<T>(path),
    send: <T>(method: string, path: string, body: unknown): Promise<T> =>
      json<T>(path, { method, body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    upload: <T>(path: string, form: FormData): Promise<T> => json<T>(path, { method: 'POST', body: form }),
    bytes: async (path: string): Promise<Buffer> => Buffer.from(await (await call(path)).arrayBuffer()),
    /** Status of a call outside /api/v1, whatever it is; 0 when there is no answer. */
    status: (path: string): Promise<number> =>
      fetch(`${address}${path}`, { signal: AbortSignal.timeout(10_000) }).then(
        async response => {
          await response.arrayBuffer();
          return response.status;
        },
        () => 0,
      ),
  };
};

export type Api = ReturnType<typeof makeApi>;
