import { setTimeout as sleep } from 'node:timers/promises';

const LOOK_MS = 50;

/** An answer of the API that is no success; `status` is its HTTP status. */
export class Refused extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.name = 'Refused';
    this.status = status;
  }
}

const detailOf = async (answer: Response): Promise<string> => {
  const problem = (await answer.json().catch(() => ({}))) as { title?: string; detail?: string; errors?: unknown };
  const errors = problem.errors ? ` ${JSON.stringify(problem.errors)}` : '';
  return `${problem.detail ?? problem.title ?? ''}${errors}`;
};

/** How far an import is; `state` is 'running' until it ends. */
export interface Job {
  id: string;
  state: string;
  counts: Record<string, number>;
  error: string | null;
}

/** The API as any other program meets it: over HTTP, with a token. `address` is the hub's origin. Throws Refused. */
export const makeClient = ({ address, token, signal }: { address: string; token: string; signal: AbortSignal }) => {
  const call = async <T>(method: string, path: string, body?: FormData | object): Promise<T> => {
    const form = body instanceof FormData;
    const answer = await fetch(`${address}/api/v1${path}`, {
      method,
      // one of its own: listeners on a signal that lives for days would gather
      signal: AbortSignal.any([signal]),
      headers: {
        authorization: `Bearer ${token}`,
        ...(body && !form ? { 'content-type': 'application/json' } : {}),
      },
      ...(body ? { body: form ? body : JSON.stringify(body) } : {}),
    });
    if (!answer.ok) throw new Refused(answer.status, `${method} ${path}: ${answer.status} ${await detailOf(answer)}`);
    return (await answer.json()) as T;
  };

  return {
    get: <T>(path: string) => call<T>('GET', path),
    post: <T>(path: string, body: object) => call<T>('POST', path, body),
    patch: <T>(path: string, body: object) => call<T>('PATCH', path, body),

    /** Hands files in (to an account, else the default one) and answers once that is durable; what comes of it shows at `path`/id. */
    upload: (
      path: string,
      files: readonly { name: string; bytes: Uint8Array<ArrayBuffer> }[],
      account?: string,
    ): Promise<Job> => {
      const form = new FormData();
      if (account !== undefined) form.append('account', account);
      for (const { name, bytes } of files) form.append('file', new Blob([bytes]), name);
      return call<Job>('POST', path, form);
    },

    /** Waits for the end of an import. Throws when it failed. */
    ended: async (path: string, { id }: Job): Promise<Job> => {
      for (;;) {
        const job = await call<Job>('GET', `${path}/${id}`);
        if (job.state === 'failed') throw new Error(`${path}/${id} failed: ${job.error}`);
        if (job.state !== 'running') return job;
        await sleep(LOOK_MS, undefined, { signal });
      }
    },
  };
};

export type Client = ReturnType<typeof makeClient>;
