import type { SuggestionDoc } from '../../models/suggestions.ts';
import { pause } from '../store/pause.ts';
import { type RegisterContext, transact } from './context.ts';
import { joinIdentifiers } from './joins.ts';

const POLL_MS = 1000;
const AT_ONCE = 100;

/** The actor of an automatic join: the account whose signed source reported it. */
const actorOf = ({ account }: SuggestionDoc) => ({ who: account, source: 'signed-source' });

/** Does one join and updates its row, in one transaction: once, by whichever hub comes first. */
const joinOne = (context: RegisterContext, id: string): Promise<void> =>
  transact(context, async tx => {
    const { suggestions } = context.models;
    const { session } = tx;
    const row = await suggestions.findById(id, null, { session }).lean();
    if (row?.state !== 'open' || row.obstacle !== null) return;
    const actor = actorOf(row);
    const joined = await joinIdentifiers(context, tx, row, actor);
    const set = 'contact' in joined ? { state: 'joined', decidedBy: actor.who } : { obstacle: joined.obstacle };
    await suggestions.updateOne({ _id: id }, { $set: set }, { session });
  });

/** Joins identifiers that signed sources report as one person's. Where that isn't possible the row gets an obstacle, and waits for an agent. */
export const makeJoinsJob = (context: RegisterContext) => {
  const stopping = new AbortController();
  let running: Promise<void> = Promise.resolve();

  /** Answers true when there may be more. */
  const round = async (): Promise<boolean> => {
    const waiting = await context.models.suggestions
      .find({ state: 'open', proven: true, obstacle: null }, { _id: 1 })
      .sort({ at: 1 })
      .limit(AT_ONCE)
      .lean();
    let failed = 0;
    for (const { _id } of waiting) {
      if (stopping.signal.aborted) return false;
      await joinOne(context, _id).catch(error => {
        failed += 1;
        context.log.warn({ code: error?.code, error: error?.name }, 'identifiers are joined later');
      });
    }
    return waiting.length === AT_ONCE && failed === 0;
  };

  const loop = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const more = await round().catch(error => {
        context.log.warn({ code: error?.code, error: error?.name }, 'identifiers are joined later');
        return false;
      });
      if (!more) await pause(POLL_MS, stopping.signal, { ref: false });
    }
  };

  return {
    /** Does all joins that are waiting. */
    drain: async (): Promise<void> => {
      while (await round());
    },
    start: (): void => {
      running = loop();
    },
    stop: async (): Promise<void> => {
      stopping.abort();
      await running;
    },
  };
};
