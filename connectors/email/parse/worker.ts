import { parentPort } from 'node:worker_threads';
import { parseMail } from './mail.ts';
import type { MailContext, MailSource, ParsedMail } from './types.ts';

/** A lot of mails, sent as one message: a message for each would cost as much as parsing it. */
export interface Job {
  id: number;
  mails: { source: MailSource; context: MailContext }[];
}

/** What became of one mail. */
export type Outcome = { mail: ParsedMail } | { error: string; code?: string };

/** A worker's answer to a job. */
export interface Answer {
  id: number;
  /** one for each mail, in the order of the job */
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

/** Says that the module is loaded: from then on the time limit for a lot counts. */
const READY: Answer = { id: 0, outcomes: [] };

parentPort?.postMessage(READY);
parentPort?.on('message', ({ id, mails }: Job) => {
  const answer: Answer = { id, outcomes: mails.map(parse) };
  parentPort?.postMessage(answer);
});
