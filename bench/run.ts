import { parseArgs } from 'node:util';
import { closeAll } from '../test/support/closers.ts';
import { cdr } from './cdr.ts';
import { chat } from './chat.ts';
import type { Bench } from './harness/figure.ts';
import { record, tableOf, writeIntoPage } from './harness/report.ts';
import { ingest } from './ingest.ts';
import { large } from './large.ts';
import { live } from './live.ts';
import { playback } from './playback.ts';
import { rescan } from './rescan.ts';
import { timeline } from './timeline.ts';
import { webhooks } from './webhooks.ts';

const benches: Readonly<Record<string, Bench>> = {
  ingest,
  large,
  timeline,
  live,
  rescan,
  cdr,
  chat,
  webhooks,
  playback,
};

const usage = `Usage: node --import=tsx bench/run.ts [--only NAME,…] [--quick] [--write]
  --only   some of: ${Object.keys(benches).join(', ')}
  --quick  small sizes, for trying: nothing is recorded
  --write  puts the table into docs/performance.md`;

const say = (line: string): void => void process.stderr.write(`${line}\n`);

const chosen = (only: string | undefined): [string, Bench][] => {
  const names = only?.split(',') ?? Object.keys(benches);
  return names.map(name => {
    const bench = benches[name];
    if (!bench) throw new Error(`There is no benchmark '${name}'.\n${usage}`);
    return [name, bench];
  });
};

const { values: options } = parseArgs({
  options: {
    only: { type: 'string' },
    quick: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const main = async (): Promise<void> => {
  if (options.help) return void process.stdout.write(`${usage}\n`);
  const { quick, write } = options;
  const results = [];
  for (const [name, bench] of chosen(options.only)) {
    say(`${name} …`);
    try {
      const figures = await bench({ quick, say: line => say(`  ${line}`) });
      results.push({ name, at: new Date().toISOString(), figures });
      if (!quick) await record(results); // after each: a later one may be broken off
    } catch (error) {
      say(`${name} broke: ${error instanceof Error ? error.stack : error}`);
      process.exitCode = 1;
    } finally {
      await closeAll();
    }
  }
  if (write && !quick) await writeIntoPage();
  process.stdout.write(tableOf(results.flatMap(({ figures }) => figures)));
};

/** Servers and folders of a run that is broken off don't stay. */
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void closeAll().finally(() => process.exit(1)));

await main().catch(error => {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
