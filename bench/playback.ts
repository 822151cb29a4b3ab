import { createWriteStream, openAsBlob } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Client } from 'undici';
import { makeDataDir } from '../test/faults/data-dir.ts';
import { startHub } from '../test/faults/hub.ts';
import { TOKEN } from '../test/faults/program.ts';
import { until } from '../test/faults/until.ts';
import { atEnd } from '../test/support/closers.ts';
import { type Bench, median, milliseconds, percentile, sizeOf } from './harness/figure.ts';

const MB = 1_000_000;
const GOAL_MS = 50;
const SEEKS = 200;
const WARM_UP = 20;
/** one call of two hours, as Asterisk writes it */
const LOG = [
  '"","0401234567","0931570000","from-trunk","""Eero"" <0401234567>","PJSIP/trunk-1","PJSIP/100-1","Dial","PJSIP/100"',
  '"2026-01-12 09:00:00","2026-01-12 09:00:05","2026-01-12 11:00:00",7200,7195,"ANSWERED","DOCUMENTATION","1768208400.1",""',
].join(',');

/** Bytes that no compressor shortens, the same in every run. */
function* noise(bytes: number): Generator<Buffer> {
  const block = Buffer.alloc(MB);
  let state = 1;
  for (let at = 0; at < MB; at += 4) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    block.writeUInt32LE(state, at);
  }
  for (let left = bytes; left > 0; left -= MB) yield block.subarray(0, Math.min(MB, left));
}

const wavHead = (bytes: number): Buffer => {
  const head = Buffer.alloc(44);
  head.write('RIFF', 0, 'latin1');
  head.writeUInt32LE(bytes + 36, 4);
  head.write('WAVEfmt ', 8, 'latin1');
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(2, 22);
  head.writeUInt32LE(16_000, 24);
  head.writeUInt32LE(64_000, 28);
  head.writeUInt16LE(4, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36, 'latin1');
  head.writeUInt32LE(bytes, 40);
  return head;
};

/** A log of one call, and its recording of so many bytes beside it, in a folder of its own. */
const makeFiles = async (bytes: number) => {
  const folder = await mkdtemp(join(tmpdir(), 'tbp-'));
  const forget = atEnd(() => rm(folder, { recursive: true, force: true }));
  const wav = join(folder, 'out-1768208400.1.wav');
  const log = join(folder, 'Master.csv');
  await writeFile(log, `${LOG}\n`);
  await pipeline(Readable.from([wavHead(bytes), ...noise(bytes)]), createWriteStream(wav));
  const remove = async (): Promise<void> => {
    forget();
    await rm(folder, { recursive: true, force: true });
  };
  return { log, wav, remove };
};

/** Takes the call in, and answers the path of its recording. */
const capture = async (hub: Awaited<ReturnType<typeof startHub>>, files: { log: string; wav: string }) => {
  const api = await hub.api();
  const config = { dialect: 'asterisk', timezone: 'UTC', defaultCountry: 'FI', ownNumbers: ['0931570000'] };
  const account = { connector: 'calllog', name: 'Switch', config };
  const { id } = await api.send<{ id: string }>('POST', '/accounts', account);
  const form = new FormData();
  form.append('account', id);
  form.append('file', await openAsBlob(files.log), 'Master.csv');
  form.append('file', await openAsBlob(files.wav), 'out-1768208400.1.wav');
  const { id: job } = await api.upload<{ id: string }>('/imports', form);
  const isDone = async () => (await api.get<{ state: string }>(`/imports/${job}`)).state !== 'running';
  await until('the import', isDone, 600_000, 100);
  const { items } = await api.get<{ items: { id: string }[] }>('/contacts?q=0401234567');
  const timeline = await api.get<{ items: { interaction: string }[] }>(`/contacts/${items[0]?.id}/timeline`);
  return `/api/v1/interactions/${timeline.items[0]?.interaction}/parts/1`;
};

/** ms from the request for everything behind a place to its first byte. */
const seek = async (client: Client, path: string, start: number): Promise<number> => {
  const began = performance.now();
  const headers = { authorization: `Bearer ${TOKEN}`, range: `bytes=${start}-` };
  const { statusCode, body } = await client.request({ method: 'GET', path, headers });
  if (statusCode !== 206) throw new Error(`A seek was answered ${statusCode}.`);
  for await (const _ of body) break; // leaves the rest
  return performance.now() - began;
};

/** How soon a large recording plays on after a seek. */
export const playback: Bench = async ({ quick, say }) => {
  const bytes = sizeOf('BENCH_PLAYBACK_MB', quick ? 20 : 500) * MB;
  const files = await makeFiles(bytes);
  const data = await makeDataDir();
  const hub = await startHub({ dataDir: data.path, env: { LOG_LEVEL: 'error' } });
  const path = await capture(hub, files);
  say(`a recording of ${bytes / MB} MB is captured`);
  const times: number[] = [];
  for (let n = -WARM_UP; n < SEEKS; n++) {
    const client = new Client(await hub.ready); // a seek ends the connection of the one before
    const took = await seek(client, path, Math.floor(((n + WARM_UP) * 0.618_034 * bytes) % bytes));
    await client.destroy();
    if (n >= 0) times.push(took);
  }
  await hub.stop();
  await data.remove();
  await files.remove();
  const p99 = percentile(times, 0.99);
  return [
    {
      figure: `recording of ${bytes / MB} MB: first byte after a seek, ${SEEKS} places`,
      floor: '',
      measured: `p50 ${milliseconds(median(times))}, p99 ${milliseconds(p99)}`,
      goal: '< 50 ms',
      met: p99 < GOAL_MS,
      numbers: { p50: median(times), p99 },
    },
  ];
};
