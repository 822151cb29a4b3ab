import { execFile } from 'node:child_process';
import { createWriteStream, openAsBlob } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { makeDataDir } from '../test/faults/data-dir.ts';
import { startHub } from '../test/faults/hub.ts';
import { TOKEN } from '../test/faults/program.ts';
import { until } from '../test/faults/until.ts';
import { atEnd } from '../test/support/closers.ts';
import { type Bench, type Figure, median, megabytes, sizeOf } from './harness/figure.ts';
import { freshMongod } from './harness/floor.ts';

const run = promisify(execFile);
const PROGRAM = fileURLToPath(new URL('./floor/cdr.mjs', import.meta.url));
const MEMORY_GOAL = 300 * 1024 * 1024;
const RATIO_GOAL = 0.5;
const MB = 1_000_000;
const LONGEST_MS = 1_800_000;
const DAY = 86_400;

interface Import {
  id: string;
  state: string;
  counts: { read: number; stored: number };
}

const stamp = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ');

/** Line n of a Master.csv with all its columns: 5,000 callers, and every tenth call has two legs. */
const lineOf = (n: number): string => {
  const call = n - (n % 10 === 9 ? 1 : 0);
  const start = 1_760_000_000 + n * 7 + (n % DAY);
  const took = 20 + (n % 300);
  const from = `040${String(1_000_000 + ((n * 7919) % 5000))}`;
  const id = `${1_760_000_000 + call * 7}.${call}`;
  const text = ['', from, '0931570000', 'from-trunk', `""Caller ${n % 5000}"" <${from}>`, `PJSIP/trunk-${n}`];
  const times = [`PJSIP/100-${n}`, 'Dial', 'PJSIP/100,30,tT', stamp(start), stamp(start + 5), stamp(start + took)];
  const cells = [...text, ...times].map(cell => `"${cell}"`);
  const tail = [`"ANSWERED"`, `"DOCUMENTATION"`, `"${id}"`, `""`, `""`, `"${id}"`, n];
  return `${[...cells, took, took - 5, ...tail].join(',')}\n`;
};

/** A log of so many lines, or of so many bytes, in a folder of its own. */
const makeLog = async (isEnough: (lines: number, bytes: number) => boolean) => {
  const folder = await mkdtemp(join(tmpdir(), 'tbc-'));
  const forget = atEnd(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, 'Master.csv');
  let lines = 0;
  let bytes = 0;
  const chunks = function* () {
    while (!isEnough(lines, bytes)) {
      let chunk = '';
      while (chunk.length < MB && !isEnough(lines, bytes + chunk.length)) chunk += lineOf(lines++);
      bytes += chunk.length;
      yield chunk;
    }
  };
  await pipeline(Readable.from(chunks()), createWriteStream(path));
  const remove = async (): Promise<void> => {
    forget();
    await rm(folder, { recursive: true, force: true });
  };
  return { path, lines, bytes, remove };
};

const floorRound = async (path: string): Promise<number> => {
  const mongod = await freshMongod();
  const env = { ...process.env, FLOOR_MONGODB: mongod.uri, FLOOR_FILE: path, NODE_OPTIONS: '' };
  const { stdout } = await run(process.execPath, [PROGRAM], { env });
  await mongod.close();
  const { records, seconds } = JSON.parse(stdout) as { records: number; seconds: number };
  return records / seconds;
};

/** As long as it takes: a gigabyte is durable before it is answered. */
const upload = async (address: string, body: FormData): Promise<Import> => {
  const headers = { authorization: `Bearer ${TOKEN}` };
  const response = await fetch(`${address}/api/v1/imports`, { method: 'POST', body, headers });
  if (response.status !== 202) throw new Error(`The upload was answered ${response.status}.`);
  return (await response.json()) as Import;
};

/** A hub on an empty data folder imports the log, all guarantees on; for `most` milliseconds at the longest. */
const hubRound = async (path: string, most = LONGEST_MS) => {
  const data = await makeDataDir();
  const hub = await startHub({ dataDir: data.path });
  const api = await hub.api();
  const config = { dialect: 'asterisk', timezone: 'UTC', defaultCountry: 'FI', ownNumbers: ['0931570000'] };
  const { id: account } = await api.send<{ id: string }>('POST', '/accounts', {
    connector: 'calllog',
    name: 'Switch',
    config,
  });
  const form = new FormData();
  form.append('account', account);
  form.append('file', await openAsBlob(path), 'Master.csv');
  const began = performance.now();
  let job = await upload(await hub.ready, form);
  await until(
    'the import',
    async () => {
      job = await api.get<Import>(`/imports/${job.id}`);
      return job.state !== 'running' || performance.now() - began > most;
    },
    LONGEST_MS,
    50,
  );
  const seconds = (performance.now() - began) / 1000;
  const peakBytes = await hub.peakBytes();
  await hub.stop();
  await data.remove();
  return { seconds, peakBytes, read: job.counts.read, stored: job.counts.stored };
};

const speedFigure = async (lines: number, rounds: number, say: (line: string) => void): Promise<Figure> => {
  const log = await makeLog(made => made >= lines);
  const done: { floor: number; rate: number }[] = [];
  for (let round = 0; round < rounds; round++) {
    const floor = await floorRound(log.path);
    const { seconds, stored } = await hubRound(log.path);
    if (stored !== lines) throw new Error(`${lines} lines, but ${stored} were stored.`);
    done.push({ floor, rate: lines / seconds });
    say(`floor ${floor.toFixed(0)}, hub ${(lines / seconds).toFixed(0)} lines/s`);
  }
  await log.remove();
  const ratio = median(done.map(({ floor, rate }) => rate / floor));
  const [floor, rate] = [median(done.map(each => each.floor)), median(done.map(each => each.rate))];
  return {
    figure: `import of a call log of ${lines} lines, upload → on the timeline`,
    floor: `csv-parse + bulk insert, ${floor.toFixed(0)} lines/s`,
    measured: `${ratio.toFixed(2)} × floor (${rate.toFixed(0)} lines/s)`,
    goal: '≥ 0.5 × floor',
    met: ratio >= RATIO_GOAL,
    numbers: { ratio, floor, rate, rounds },
  };
};

const memoryFigure = async (size: number, most: number): Promise<Figure> => {
  const log = await makeLog((_, bytes) => bytes >= size);
  const { peakBytes, seconds, read } = await hubRound(log.path, most);
  await log.remove();
  const share = read / log.lines;
  return {
    figure: `peak memory of the hub importing a call log of ${(log.bytes / MB).toFixed(0)} MB (${log.lines} lines)`,
    floor: '',
    measured: `${megabytes(peakBytes)} (${(share * 100).toFixed(0)} % of it read in ${seconds.toFixed(0)} s)`,
    goal: '< 300 MB',
    met: peakBytes < MEMORY_GOAL,
    numbers: { peakBytes, seconds, share },
  };
};

/** A switch's log to the timeline against the plain program, and what the hub needs of memory for a large one. */
export const cdr: Bench = async ({ quick, say }) => {
  const lines = sizeOf('BENCH_CDR_LINES', quick ? 5000 : 100_000);
  const speed = await speedFigure(lines, sizeOf('BENCH_CDR_ROUNDS', quick ? 1 : 2), say);
  const size = sizeOf('BENCH_CDR_MB', quick ? 20 : 1000) * MB;
  return [speed, await memoryFigure(size, sizeOf('BENCH_CDR_SECONDS', 1500) * 1000)];
};
