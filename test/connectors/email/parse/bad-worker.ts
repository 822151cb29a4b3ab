import { parentPort } from 'node:worker_threads';
import { parseMail } from '../../../../connectors/email/parse/mail.ts';
import type { Job, Outcome } from '../../../../connectors/email/parse/worker.ts';

/** Parses like the real one, but a mail's text can make it break in the ways that a parser breaks. */
const parse = ({ source, context }: Job['mails'][number]): Outcome => {
  const text = 'bytes' in source ? Buffer.from(source.bytes).toString('latin1') : '';
  if (text.includes('EXIT')) process.exit(7);
  if (text.includes('HANG')) for (;;) Math.random();
  if (text.includes('THROW')) return { error: 'thrown' };
  if (text.includes('MEMORY')) for (const all: number[][] = []; ; ) all.push(new Array(100_000).fill(1.5));
  return { mail: parseMail(source, context) };
};

parentPort?.postMessage({ id: 0, outcomes: [] });
parentPort?.on('message', ({ id, mails }: Job) => parentPort?.postMessage({ id, outcomes: mails.map(parse) }));
