import { ZodError } from 'zod';
import type { Captured } from '../../contract.ts';
import { intercomItems } from '../intercom.ts';
import type { Recognise } from '../people.ts';
import { zendeskItems } from '../zendesk.ts';
import { type Entry, headOf } from './archive.ts';
import { alsoAs, closingRowOf } from './closing.ts';
import { failedBytes, failedFile, locatorFor } from './failed.ts';
import { linesIn } from './lines.ts';
import type { Given, Piece } from './pieces.ts';
import { type JsonRecord, recordsIn } from './records.ts';

/** Under these names the answers of an API hold what they list. */
const LISTS = ['conversations', 'chats', 'data'];
const HEAD = 64 * 1024;

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** Whose a conversation is, by what only one of them has. */
const readerOf = (value: unknown, provider: string) => {
  if (isObject(value) && ['conversation_parts', 'conversation_message', 'source'].some(name => name in value))
    return intercomItems;
  if (isObject(value) && ('history' in value || 'visitor' in value || 'webpath' in value)) return zendeskItems;
  return provider === 'intercom' ? intercomItems : zendeskItems;
};

/** Zendesk answers to a list of ids with chats by their ids, null for one that there isn't. Null: it is no such answer. */
const byTheirIds = (value: unknown): unknown[] | null =>
  isObject(value) && !('id' in value) && isObject(value.docs)
    ? Object.values(value.docs).filter(one => one !== null)
    : null;

type Read = (value: unknown) => Captured[];

/** What one conversation gives; `bytes` are kept when it is none. */
const one = (value: unknown, bytes: () => Buffer, read: Read): Given => {
  try {
    const [first, ...more] = read(value);
    return { items: first ? [alsoAs(first, locatorFor('json', bytes())), ...more] : [] };
  } catch (error) {
    if (!(error instanceof ZodError)) throw error;
    const [issue] = error.issues;
    const reason = `It is no conversation: ${issue?.path.join('.') || 'it'}: ${issue?.message ?? 'not as expected'}.`;
    return { failed: [failedBytes('json', bytes(), reason, 'application/json')] };
  }
};

const readBytes = (bytes: Buffer, read: Read): Given => {
  const value: unknown = JSON.parse(bytes.toString('utf8'));
  const several = byTheirIds(value);
  if (!several) return one(value, () => bytes, read);
  const given = several.map(each => one(each, () => Buffer.from(JSON.stringify(each)), read));
  return { items: given.flatMap(({ items = [] }) => items), failed: given.flatMap(({ failed = [] }) => failed) };
};

const givenBy = ({ bytes, size, isWhole }: JsonRecord, provider: string, recognise: Recognise): Given => {
  if (!bytes)
    return { failed: [{ locator: `json/${size}`, reason: 'A conversation of over 64 MB is not read.', size }] };
  const fail = (reason: string) => ({ failed: [failedBytes('json', bytes, reason, 'application/json')] });
  if (!isWhole) return fail('The file breaks off in this conversation.');
  try {
    return readBytes(bytes, value => readerOf(value, provider)(value, recognise));
  } catch (error) {
    // V8 gives up on thousands of brackets in one another
    if (error instanceof SyntaxError || error instanceof RangeError) return fail('It is not JSON.');
    throw error;
  }
};

/** A long conversation in steps of so many messages, so that no batch grows beyond what one transaction takes. */
const STEP = 100;
function* inSteps({ items = [], failed = [] }: Given): Generator<Piece> {
  if (failed.length > 0) yield () => ({ failed });
  for (let at = 0; at < items.length; at += STEP) yield () => ({ items: items.slice(at, at + STEP) });
}

async function* linesAsRecords(file: Entry): AsyncGenerator<JsonRecord> {
  for await (const line of linesIn(file.open())) {
    const bytes = Buffer.from(line.trim());
    if (bytes.length > 0) yield { bytes, size: bytes.length, isWhole: true };
  }
}

const parses = (line: string): boolean => {
  try {
    return isObject(JSON.parse(line));
  } catch {
    return false;
  }
};

/** An object on each line: then a broken line spoils no other. */
const isNdjson = (name: string, head: string): boolean => {
  if (/\.(ndjson|jsonl)$/i.test(name)) return true;
  const [first = '', second] = head.split('\n');
  return !!second?.trimStart().startsWith('{') && parses(first);
};

async function* recordPieces(records: AsyncIterable<JsonRecord>, read: (record: JsonRecord) => Given) {
  for await (const record of records) yield* inSteps(read(record));
}

/** Conversations of Intercom or chats of Zendesk: an array, an answer of the API, one by itself, or one a line. */
export async function* conversationPieces(
  file: Entry,
  name: string,
  provider: string,
  recognise: Recognise,
): AsyncGenerator<Piece> {
  const head = (await headOf(file, HEAD)).toString('utf8').replace(/^\ufeff/, '');
  if (!/^\s*[[{]/.test(head)) {
    yield async () => ({
      failed: [await failedFile(file, 'It is no chat export that is known: neither text nor JSON.')],
    });
    return;
  }
  const records = isNdjson(name, head) ? linesAsRecords(file) : recordsIn(file.open(), LISTS);
  yield* closingRowOf(
    file,
    recordPieces(records, record => givenBy(record, provider, recognise)),
  );
}
