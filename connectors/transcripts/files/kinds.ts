import { readHeader } from '../whatsapp/header.ts';
import { type Entry, faultIn, headOf } from './archive.ts';

const HEAD = 16 * 1024;
const ZIP = Buffer.from('PK\x03\x04', 'latin1');

export const isZip = (head: Uint8Array): boolean => Buffer.from(head.subarray(0, 4)).equals(ZIP);

export const isJsonName = (name: string): boolean => /\.(json|ndjson|jsonl)$/i.test(name);

/** Whether a line of it begins as a message of WhatsApp does. */
export const hasHeader = (text: string): boolean =>
  text.split('\n').some(line => readHeader(line.replace(/\r$/, ''), 'dmy') !== null);

/** A message of Slack has its time in `ts`; neither Intercom nor Zendesk has such a field. */
export const isSlackDay = (head: string): boolean => /^\s*\[\s*\{/.test(head) && /"ts"\s*:\s*"\d+\.\d+"/.test(head);

export const textHead = async (entry: Entry): Promise<string> =>
  (await headOf(entry, HEAD)).toString('utf8').replace(/^\ufeff/, '');

/** Whether a file can be read and looks like a chat of WhatsApp. */
export const isChat = async (entry: Entry): Promise<boolean> =>
  (await faultIn(entry)) === null && hasHeader(await textHead(entry));
