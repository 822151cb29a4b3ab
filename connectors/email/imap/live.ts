import type { ImapFlow } from 'imapflow';
import { compareIfDue } from './compare.ts';
import type { Fault } from './errors.ts';
import { examine, type FolderState, type Shared } from './state.ts';
import { catchUp } from './sync.ts';
import { makeLatch, within } from './waiting.ts';

/** Intervals and timeouts of a pull. */
export interface Times {
  /** between STATUS rounds, ms */
  status: number;
  /** IDLE is renewed after this, well before the 29 minutes of RFC 2177, ms */
  idle: number;
  /** how long a connection may take to answer a NOOP before it counts as dead, ms */
  answer: number;
  /** between comparisons of all UIDs, ms */
  compare: number;
  /** first wait after a broken connection, ms */
  retry: number;
}

/** A dead IDLE connection delays mail by at most a STATUS round and the wait for an answer, together below 30 s. */
export const TIMES: Times = { status: 20_000, idle: 240_000, answer: 8_000, compare: 86_400_000, retry: 1_000 };

/** What the connections of one account need besides `Shared`. */
export interface Work extends Shared {
  times: Times;
  /** configured folders that the mailbox doesn't have */
  absent: string[];
  connect(): Promise<ImapFlow>;
  /** counts refused sign-ins; throws when the account is to be parked */
  refused(fault: Fault, error: unknown): void;
}

/** Brings the open folder up to date, and compares it when that is due. */
export const bring = (work: Work, client: ImapFlow, state: FolderState): Promise<void> =>
  state.lock.run(async () => {
    await catchUp(work, client, state);
    await compareIfDue(work, client, state, work.times.compare);
  });

/**
 * Keeps one folder up to date on a connection of its own: fetch, IDLE (RFC 2177), fetch, and so on. IDLE is only a hint: the STATUS rounds watch this folder
 * too and call `poke`. Returns when the server refuses IDLE; throws when the connection breaks.
 */
export const attend = async (work: Work, state: FolderState): Promise<void> => {
  let client: ImapFlow | undefined;
  state.attended = true;
  try {
    client = await work.connect();
    await idleOn(work, client, state);
  } finally {
    delete state.attended;
    delete state.poke;
    client?.close();
  }
};

const idleOn = async (work: Work, client: ImapFlow, state: FolderState): Promise<void> => {
  let latch = makeLatch();
  client.on('exists', () => latch.open());
  client.on('close', () => latch.open());
  await examine(client, state.folder.path);
  for (;;) {
    const current = makeLatch();
    latch = current;
    await bring(work, client, state);
    let poked = false;
    state.poke = () => {
      poked = true;
      current.open();
    };
    const idle = client.idle().finally(() => current.open());
    idle.catch(() => {});
    const started = Date.now();
    await current.wait(work.times.idle, work.signal);
    // ends the IDLE, and shows whether the connection is alive
    await within(work.times.answer, client.noop());
    if ((await idle) === false && Date.now() - started < 1000) return;
    // STATUS sees what this session doesn't, a new UIDVALIDITY say
    if (poked) await examine(client, state.folder.path);
  }
};
