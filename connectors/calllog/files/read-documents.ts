import { rawOf, sha256 } from '../../common/raw.ts';
import type { Captured, Failed } from '../../contract.ts';
import { keysOf, legItem } from '../captured.ts';
import type { Context } from '../context.ts';
import { freeswitchCdr } from '../dialects/freeswitch.ts';
import { freeswitchDocuments } from '../dialects/freeswitch-documents.ts';
import { BadRecord } from '../types.ts';
import type { Attach } from './attach.ts';
import type { Piece } from './batch.ts';
import { documentsIn } from './documents.ts';
import { encodingOf } from './encoding.ts';
import { beginningOf, isStillThere, marksOf, type Place } from './place.ts';
import type { LogFile } from './read-log.ts';

const MOST = 500;

/** Items, and what couldn't be read. */
export interface Read {
  items: Captured[];
  failed: Failed[];
}

const typeOf = (text: string): string => (text.trimStart().startsWith('<') ? 'text/xml' : 'application/json');

const locatorOf = (bytes: Uint8Array): string => `document/${sha256(bytes)}/1`;

const failedOf = (bytes: Uint8Array, type: string, reason: string): Failed => ({
  locator: locatorOf(bytes),
  reason,
  size: bytes.length,
  raw: rawOf(type, bytes),
});

interface Reading {
  attach?: Attach;
  /** throw BadRecord for a document that is no call record, instead of answering it in `failed` */
  strict?: boolean;
}

const itemsOf = async (
  context: Context,
  { documents, text }: { documents: unknown[]; text: string },
  { attach, strict = false }: Reading,
): Promise<Read> => {
  const type = typeOf(text);
  const items: Captured[] = [];
  const failed: Failed[] = [];
  for (const document of documents) {
    const bytes = Buffer.from(documents.length === 1 ? text.trim() : JSON.stringify(document));
    try {
      const cdr = freeswitchCdr(document, context);
      const leg = legItem(
        cdr,
        keysOf(cdr, () => sha256(bytes)),
        { numbers: context.numbers, raw: rawOf(type, bytes), locator: locatorOf(bytes) },
      );
      items.push(leg, ...((await attach?.(leg, cdr)) ?? []));
    } catch (error) {
      if (!(error instanceof BadRecord) || strict) throw error;
      failed.push(failedOf(bytes, type, error.message));
    }
  }
  return { items, failed };
};

/** The calls in a document of FreeSWITCH's; null when the text is no JSON or XML document. Throws BadRecord with `strict`. */
export const documentItems = async (context: Context, text: string, reading: Reading): Promise<Read | null> => {
  const documents = freeswitchDocuments(text);
  return documents && itemsOf(context, { documents, text }, reading);
};

const NONE = 'It is no call record of FreeSWITCH, in JSON or XML.';

/** The calls in a file of FreeSWITCH's: one document, a list of them, or several one after the other. */
export async function* readDocuments(context: Context, { file, from, signal, attach }: LogFile): AsyncGenerator<Piece> {
  const { size, bytes } = await beginningOf(file.path);
  const encoding = encodingOf(bytes, context.config.encoding);
  const left = from && (await isStillThere(file.path, from)) ? from : null;
  const place: Place = left
    ? { ...left, file: file.name }
    : { file: file.name, end: encoding.mark, records: 0, head: '' };
  let into: Read = { items: [], failed: [] };
  const piece = async (): Promise<Piece> => {
    const read = into;
    into = { items: [], failed: [] };
    return { ...read, place: { ...place, ...(await marksOf(file.path, place.end)) } };
  };
  for await (const { documents, ...one } of documentsIn(file.path, { size, start: place.end, encoding, signal })) {
    place.end = one.end;
    const read = documents && (await itemsOf(context, { documents, text: one.text }, { attach }));
    into.items.push(...(read?.items ?? []));
    into.failed.push(...(read?.failed ?? [failedOf(one.bytes, 'text/plain', NONE)]));
    if (into.items.length + into.failed.length >= MOST) yield await piece();
  }
  yield await piece();
}
