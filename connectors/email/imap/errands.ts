import type { Work } from './live.ts';
import { type Errands, visit } from './rounds.ts';
import type { FolderState } from './state.ts';
import { makeLatch } from './waiting.ts';

/** An idle errand connection is kept alive by a NOOP this often, ms. */
const NOOP_EVERY = 60_000;

type Keep = (work: Work, role: string, run: () => Promise<void>) => Promise<void>;

/** The connection that visits folders in which the STATUS rounds saw something to fetch. */
export const makeErrands = (work: Work, keep: Keep): Errands => {
  const waiting = new Set<FolderState>();
  let ready = true;
  let latch = makeLatch();
  let started = false;

  const serve = async (): Promise<void> => {
    const client = await work.connect();
    ready = true;
    try {
      for (;;) {
        const [state] = waiting;
        if (state) {
          waiting.delete(state);
          await visit(work, client, state).catch(error => {
            // to the end of the queue, so that one bad folder doesn't hold up the others
            waiting.add(state);
            throw error;
          });
          continue;
        }
        latch = makeLatch();
        if (!(await latch.wait(NOOP_EVERY, work.signal))) await client.noop();
      }
    } finally {
      ready = false;
      client.close();
    }
  };

  const guarded = () =>
    serve().catch(error => {
      ready = false;
      throw error;
    });

  return {
    get ready() {
      return ready;
    },
    add(state) {
      waiting.add(state);
      if (!started) keep(work, 'errands', guarded).catch(work.outlet.fail);
      started = true;
      latch.open();
    },
  };
};
