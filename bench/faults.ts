import { inspect, parseArgs } from 'node:util';
import { takeMongoAway } from '../test/faults/away.ts';
import { stopTheHolder } from '../test/faults/fencing.ts';
import { killAtRandom } from '../test/faults/kills.ts';
import { runTwoHubs } from '../test/faults/two-hubs.ts';
import { killDuringImport } from '../test/faults/upload.ts';
import { closeAll } from '../test/support/closers.ts';
import { sizeOf } from './harness/figure.ts';

interface Run {
  mails: number;
  seed: number;
  meanBytes?: number;
  say: (line: string) => void;
}

/** One fault: provokes it and says what is wrong afterwards, in words. */
const faults: Readonly<Record<string, (run: Run, quick: boolean) => Promise<string[]>>> = {
  kills: (run, quick) => killAtRandom({ ...run, hubKills: quick ? 5 : 30, mongodKills: quick ? 1 : 5 }),
  'two-hubs': (run, quick) => runTwoHubs({ ...run, kills: quick ? 1 : 8 }),
  fencing: run => stopTheHolder(run),
  import: (run, quick) => killDuringImport({ ...run, kills: quick ? 1 : 5 }),
  away: ({ say }) => takeMongoAway({ say }),
};

const usage = `Usage: node --import=tsx bench/faults.ts [--only NAME,…] [--seed N] [--quick]
  --only   some of: ${Object.keys(faults).join(', ')}
  --seed   repeats the moments of a run that printed this seed
  --quick  the short form, as in the tests`;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const { values: options } = parseArgs({
  options: {
    only: { type: 'string' },
    seed: { type: 'string' },
    quick: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const runOne = async (name: string, run: Run, quick: boolean): Promise<boolean> => {
  const fault = faults[name];
  if (!fault) throw new Error(`There is no fault '${name}'.\n${usage}`);
  const began = performance.now();
  say(`${name} …`);
  try {
    const wrong = await fault(run, quick);
    const seconds = ((performance.now() - began) / 1000).toFixed(0);
    say(`${name}: ${wrong.length === 0 ? 'each mail is there exactly once' : `${wrong.length} faults`} (${seconds} s)`);
    for (const each of wrong) say(`  ${each}`);
    return wrong.length === 0;
  } catch (error) {
    say(`${name} broke: ${inspect(error)}`);
    return false;
  } finally {
    await closeAll();
  }
};

const main = async (): Promise<void> => {
  if (options.help) return say(usage);
  const { quick } = options;
  const seed = Number(options.seed ?? Math.floor(Math.random() * 1e6));
  say(`seed ${seed}`);
  const mails = sizeOf('FAULTS_MAILS', quick ? 600 : 5000);
  const run: Run = { mails, seed, say: line => say(`  ${line}`), ...(quick ? { meanBytes: 9000 } : {}) };
  for (const name of options.only?.split(',') ?? Object.keys(faults))
    if (!(await runOne(name, run, quick))) process.exitCode = 1;
};

await main();
