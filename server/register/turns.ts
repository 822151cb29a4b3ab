/** How long one waits for its turn, ms: whoever asked is told to come back rather than kept for longer. */
const PATIENCE_MS = 10_000;

/** Does something once its turn has come; throws `otherwise` when that takes too long. */
export type InTurn = <T>(work: () => Promise<T>, otherwise: unknown) => Promise<T>;

/** One at a time, in the order they came: for those that have hindered each other already, and would again side by side. */
export const makeTurns = (patienceMs = PATIENCE_MS): InTurn => {
  let last: Promise<unknown> = Promise.resolve();
  return (work, otherwise) => {
    const since = Date.now();
    const turn = last.then(() => {
      if (Date.now() - since > patienceMs) throw otherwise;
      return work();
    });
    last = turn.catch(() => undefined);
    return turn;
  };
};
