import { parentPort } from 'node:worker_threads';
import { parseMail } from './mail.ts';
import type { MailContext, MailSource, ParsedMail } from './types.ts';

export interface Job {
  id: number;
  source: MailSource;
  context: MailContext;
}

export type Answer = { id: number; mail: ParsedMail } | { id: number; error: string; code?: string };

const answer = ({ id, source, context }: Job): Answer => {
  try {
    return { id, mail: parseMail(source, context) };
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException;
    return { id, error: message, ...(code && { code }) };
  }
};

parentPort?.on('message', (job: Job) => parentPort?.postMessage(answer(job)));
