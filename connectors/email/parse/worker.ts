import { parentPort } from 'node:worker_threads';
import { parseMail } from './mail.ts';
import type { MailContext, MailSource, ParsedMail } from './types.ts';

export interface Task {
  id: number;
  mails: { source: MailSource; context: MailContext }[];
}

export interface Done {
  id: number;
  /** one a mail; an error's message where it could not be parsed */
  results: ({ mail: ParsedMail } | { error: string })[];
}

const parse = ({ source, context }: Task['mails'][number]): Done['results'][number] => {
  try {
    return { mail: parseMail(source, context) };
  } catch (error) {
    return { error: error instanceof Error ? error.name : 'unknown error' };
  }
};

const port = parentPort;
port?.on('message', ({ id, mails }: Task) => {
  const done: Done = { id, results: mails.map(parse) };
  port.postMessage(done);
});
