const MOST = 10_000;

export interface RememberOptions<Answer> {
  /** how long an answer is given again, ms */
  lastsMs: number;
  /** counts changes after which every answer is another: one from before them is asked for again */
  version?: () => number;
  /** whether an answer is given again at all; all but null, unless it says otherwise */
  keeps?(answer: Answer): boolean;
}

/**
 * Asks for each key once in a while at most; those who ask meanwhile get the same answer, also while it is awaited. An error isn't
 * remembered. `forget` counts for what is being asked, too.
 */
export const makeRemembered = <Answer>(
  ask: (key: string) => Promise<Answer>,
  { lastsMs, version = () => 0, keeps = answer => answer !== null }: RememberOptions<Answer>,
) => {
  const known = new Map<string, { answer: Promise<Answer>; until: number; version: number }>();
  const forget = (): void => known.clear();

  const get = (key: string): Promise<Answer> => {
    const before = known.get(key);
    if (before && before.version === version() && before.until > performance.now()) return before.answer;
    if (known.size >= MOST) forget();
    const row = { answer: ask(key), until: performance.now() + lastsMs, version: version() };
    known.set(key, row);
    const drop = (): void => {
      if (known.get(key) === row) known.delete(key);
    };
    row.answer.then(answer => {
      if (!keeps(answer)) drop();
    }, drop);
    return row.answer;
  };

  return { get, forget };
};
