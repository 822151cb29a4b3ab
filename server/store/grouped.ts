interface Waiting<Question, Answer> {
  question: Question;
  done(answer: Answer): void;
  failed(error: unknown): void;
}

/** More waits already than may: the caller answers 503. */
export class GroupFull extends Error {
  constructor() {
    super('Too much waits to be written.');
    this.name = 'GroupFull';
  }
}

export interface Bound<Question> {
  /** what one question counts for */
  sizeOf(question: Question): number;
  /** more than this waiting: refused at once (GroupFull), so that memory stays bounded */
  most: number;
}

/** Asks for many callers at once: what is asked while an answer is awaited shares the next one. All of a group get the same answer, or the same error. */
export const makeGrouped = <Question, Answer>(
  ask: (questions: readonly Question[]) => Promise<Answer>,
  { sizeOf, most }: Bound<Question>,
) => {
  let waiting: Waiting<Question, Answer>[] = [];
  let asking = false;
  let size = 0;

  const flush = async (): Promise<void> => {
    asking = true;
    while (waiting.length > 0) {
      const group = waiting;
      waiting = [];
      size = 0;
      try {
        const answer = await ask(group.map(({ question }) => question));
        for (const { done } of group) done(answer);
      } catch (error) {
        for (const { failed } of group) failed(error);
      }
    }
    asking = false; // here, not after an await: what came in between would wait for ever
  };

  return (question: Question): Promise<Answer> =>
    new Promise((done, failed) => {
      const more = sizeOf(question);
      if (size + more > most) return failed(new GroupFull());
      size += more;
      waiting.push({ question, done, failed });
      if (!asking) void flush();
    });
};
