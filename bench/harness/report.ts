import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findMongod } from '../../server/mongo/find.ts';
import type { Figure } from './figure.ts';

const LATEST = fileURLToPath(new URL('../results/latest.json', import.meta.url));
const PAGE = fileURLToPath(new URL('../../docs/performance.md', import.meta.url));
const MARKED = /(<!-- figures -->\n)[\s\S]*?(<!-- end of figures -->)/;
const GIB = 1024 ** 3;

/** What one benchmark measured, and when. */
export interface Result {
  name: string;
  /** ISO 8601 */
  at: string;
  figures: Figure[];
}

interface Latest {
  machine: { node: string; mongod: string; processor: string; cores: number; memoryGiB: number };
  results: Result[];
}

const metInWords = (met: boolean | null): string => (met === null ? '' : met ? 'yes' : '**no**');

/** The table in Markdown. */
export const tableOf = (figures: readonly Figure[]): string => {
  const rows = figures.map(({ figure, floor, measured, goal, met }) => [
    figure,
    floor,
    measured,
    goal,
    metInWords(met),
  ]);
  const lines = [['figure', 'floor', 'measured', 'goal', 'met'], ['---', '---', '---', '---', '---'], ...rows];
  return lines.map(cells => `| ${cells.join(' | ')} |\n`).join('');
};

const readLatest = async (): Promise<Latest | null> => {
  const text = await readFile(LATEST, 'utf8').catch(() => 'null');
  return JSON.parse(text);
};

const machine = async (): Promise<Latest['machine']> => ({
  node: process.versions.node,
  mongod: (await findMongod({ binary: process.env.MONGOD_BINARY })).version,
  processor: cpus()[0]?.model.trim() ?? 'unknown',
  cores: cpus().length,
  memoryGiB: Math.round(totalmem() / GIB),
});

/** Keeps the results in bench/results/latest.json; those of benchmarks that did not run this time stay as they were. */
export const record = async (results: readonly Result[]): Promise<void> => {
  const kept = new Map((await readLatest())?.results.map(result => [result.name, result]));
  for (const result of results) kept.set(result.name, result);
  const latest: Latest = { machine: await machine(), results: [...kept.values()] };
  await mkdir(dirname(LATEST), { recursive: true });
  await writeFile(LATEST, `${JSON.stringify(latest, null, 2)}\n`);
};

const caption = ({ machine: { node, mongod, processor, cores, memoryGiB }, results }: Latest): string => {
  const days = [...new Set(results.map(({ at }) => at.slice(0, 10)))].sort();
  return `Measured ${days.join(', ')} on ${cores} cores (${processor}), ${memoryGiB} GiB; Node ${node}, MongoDB ${mongod}.`;
};

/** Puts the recorded figures between the two marks in docs/performance.md. */
export const writeIntoPage = async (): Promise<void> => {
  const latest = await readLatest();
  if (!latest) throw new Error('Nothing was recorded yet.');
  const page = await readFile(PAGE, 'utf8');
  if (!MARKED.test(page)) throw new Error(`${PAGE} lacks the two marks that the table goes between.`);
  const table = tableOf(latest.results.flatMap(({ figures }) => figures));
  await writeFile(
    PAGE,
    page.replace(MARKED, (_, begin, end) => `${begin}${caption(latest)}\n\n${table}${end}`),
  );
};
