import type { ChildProcess } from 'node:child_process';
import { atEnd } from '../support/closers.ts';
import { makeApi } from './api.ts';
import { type ProgramOptions, peakBytes, runProgram } from './program.ts';

const LISTENS = /listens on (\S+)/;
const START_MS = 90_000;

const collect = (stream: ChildProcess['stdout'], take: (chunk: string) => void): void => {
  stream?.setEncoding('utf8').on('data', take);
};

/** Resolves with the address once the hub says it on stdout; rejects when it ends before, or says nothing for too long. */
const addressOf = (child: ChildProcess, gone: Promise<string>, stderr: () => string): Promise<string> =>
  new Promise((resolve, reject) => {
    const fail = (how: string) => reject(new Error(`The hub ${how}: ${stderr() || 'it said nothing'}`));
    const timer = setTimeout(() => fail(`is not ready after ${START_MS} ms`), START_MS);
    let said = '';
    collect(child.stdout, chunk => {
      said += chunk;
      const address = LISTENS.exec(said)?.[1];
      if (address) resolve(address);
      if (address) clearTimeout(timer);
    });
    void gone.then(how => {
      clearTimeout(timer);
      fail(`ended (${how})`);
    });
  });

/**
 * Starts `talteen start` as a process of its own and returns at once, so that it can be killed before it is ready. It is
 * killed at the latest at the end of the test run.
 */
export const spawnHub = (options: ProgramOptions) => {
  const spawnedAt = performance.now();
  const child = runProgram(['start'], options);
  const pid = child.pid as number;
  let complaints = '';
  collect(child.stderr, chunk => {
    complaints = (complaints + chunk).slice(-20_000);
  });
  const gone = new Promise<string>(resolve =>
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`)),
  );
  const ready = addressOf(child, gone, () => complaints);
  ready.catch(() => undefined); // it may be killed before that, on purpose

  const end = (signal: NodeJS.Signals): Promise<string> => {
    forget();
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    return gone;
  };
  const forget = atEnd(async () => void (await end('SIGKILL')));

  return {
    pid,
    spawnedAt,
    /** address, once it listens */
    ready,
    api: async () => makeApi(await ready),
    isGone: () => child.exitCode !== null || child.signalCode !== null,
    /** what it said on stderr, the end of it */
    complaints: () => complaints,
    peakBytes: () => peakBytes(pid),
    /** SIGSTOP, SIGCONT */
    signal: (signal: NodeJS.Signals) => void child.kill(signal),
    /** kill -9; resolves once it is gone */
    kill: () => end('SIGKILL'),
    /** SIGTERM; resolves with how it ended: `exit code 0` when in order */
    stop: () => end('SIGTERM'),
  };
};

export type Hub = ReturnType<typeof spawnHub>;

/** A hub that is ready. */
export const startHub = async (options: ProgramOptions): Promise<Hub> => {
  const hub = spawnHub(options);
  await hub.ready;
  return hub;
};
