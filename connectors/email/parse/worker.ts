import { parentPort } from 'node:worker_threads';
import { parseMail } from './mail.ts';
import type { MailContext, MailSource, ParsedMail } from './types.ts';

/** A lot of mails: a message for each would cost as much as its parsing. */
export interface Job {
  id: number;
  mails: { source: MailSource; context: MailContext }[];
}

export type Outcome = { mail: ParsedMail } | { error: string; code?: string };

export interface Answer {
  id: number;
  /** one a mail, in their order */
  outcomes: Outcome[];
}

const parse = ({ source, context }: Job['mails'][number]): Outcome => {
  try {
    return { mail: parseMail(source, context) };
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException;
    return { error: message, ...(code && { code }) };
  }
};

/** Tells that it has loaded: only from then on may a lot not take too long. */
const READY: Answer = { id: 0, outcomes: [] };

parentPort?.postMessage(READY);
parentPort?.on('message', ({ id, mails }: Job) => {
  const answer: Answer = { id, outcomes: mails.map(parse) };
  parentPort?.postMessage(answer);
});
