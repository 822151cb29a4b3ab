import { Agent, request } from 'undici';

export interface Shot {
  body: string;
  headers: Record<string, string>;
}

export interface LoadResult {
  requests: number;
  seconds: number;
  /** ms, one a request */
  latencies: number[];
  /** when each shot was answered (Unix ms), by its place */
  answeredAt: number[];
}

/**
 * Posts one shot after another on so many connections, each waiting for its answer, until all are sent or `seconds` are over.
 * Throws unless every answer is a 200.
 */
export const fire = async (
  url: string,
  shots: readonly Shot[],
  { connections, seconds }: { connections: number; seconds: number },
): Promise<LoadResult> => {
  const agent = new Agent({ connections, pipelining: 1 });
  const latencies: number[] = [];
  const answeredAt: number[] = [];
  const began = performance.now();
  const end = began + seconds * 1000;
  let next = 0;
  const one = async (at: number): Promise<void> => {
    const { body, headers } = shots[at] as Shot;
    const since = performance.now();
    const answer = await request(url, { method: 'POST', body, headers, dispatcher: agent });
    const text = await answer.body.text();
    if (answer.statusCode !== 200) throw new Error(`HTTP ${answer.statusCode}: ${text.slice(0, 300)}`);
    latencies.push(performance.now() - since);
    answeredAt[at] = Date.now();
  };
  const line = async (): Promise<void> => {
    while (next < shots.length && performance.now() < end) await one(next++);
  };
  await Promise.all(Array.from({ length: connections }, line));
  const took = (performance.now() - began) / 1000;
  await agent.close();
  return { requests: latencies.length, seconds: took, latencies, answeredAt };
};
