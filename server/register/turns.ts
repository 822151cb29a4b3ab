/** Longest wait, ms: after it the caller is asked to come back rather than kept waiting. */
const PATIENCE_MS = 10_000;

/** Runs `work` when it is its turn; throws `otherwise` when that takes too long. */
export type InTurn = <T>(work: () => Promise<T>, otherwise: unknown) => Promise<T>;

/** Runs works one at a time, in the order they came: for transactions that have conflicted already, and would again side by side. */
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
