import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** The hub as users run it; TALTEEN_PROGRAM names another build. */
const PROGRAM = process.env.TALTEEN_PROGRAM ?? fileURLToPath(new URL('../../dist/server/main.js', import.meta.url));

/** An administrator's, on every data folder that a hub of ours is the first to start on. */
export const TOKEN = 'token-of-the-fault-tests-0123456789';
export const ADMINISTRATOR = { email: 'admin@varaamo.example', password: 'password of the fault tests' };

export interface ProgramOptions {
  dataDir: string;
  /** settings besides or instead of the usual ones */
  env?: Record<string, string>;
  /** arguments for node, before the program */
  nodeArguments?: readonly string[];
}

const NOT_FOR_THE_HUB = /^(TALTEEN_|MONGODB_URI$|HOST$|PORT$|NODE_OPTIONS$|LOG_LEVEL$)/;

const environment = ({ dataDir, env }: ProgramOptions): Record<string, string | undefined> => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !NOT_FOR_THE_HUB.test(name))),
  PORT: '0',
  LOG_LEVEL: 'warn',
  TALTEEN_DATA: dataDir,
  TALTEEN_OWN_DOMAINS: 'varaamo.example',
  TALTEEN_API_TOKEN: TOKEN,
  TALTEEN_ADMIN_EMAIL: ADMINISTRATOR.email,
  TALTEEN_ADMIN_PASSWORD: ADMINISTRATOR.password,
  ...env,
});

/** Starts the compiled program with a command of its own (`start`, `import`, …). */
export const runProgram = (command: readonly string[], options: ProgramOptions): ChildProcess => {
  if (!existsSync(PROGRAM)) throw new Error(`${PROGRAM} is not there: run \`node scripts/setup.mjs\` first.`);
  return spawn(process.execPath, [...(options.nodeArguments ?? []), PROGRAM, ...command], {
    env: environment(options),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
};

/** The most memory that a living process ever had resident, in bytes, all its threads together. */
export const peakBytes = async (pid: number): Promise<number> => {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? Number.NaN) * 1024;
};
