import { readFile } from 'node:fs/promises';
import { freeswitchDocuments } from '../dialects/freeswitch.ts';
import type { Encoding } from './encoding.ts';
import { linesOf } from './lines.ts';

/** Up to here a file is read whole; a larger one must have a document a line. */
const WHOLE = 32 * 1024 * 1024;

/** A text of a file, and the records it holds; null when it is no document. */
export interface DocumentText {
  documents: Record<string, unknown>[] | null;
  text: string;
  bytes: Buffer;
  /** where the next one begins */
  end: number;
}

/** The documents of a file of FreeSWITCH's: the whole of it, else one a line from `start` on. Errors of the file system come through. */
export async function* documentsIn(
  path: string,
  { size, start, encoding, signal }: { size: number; start: number; encoding: Encoding; signal: AbortSignal },
): AsyncGenerator<DocumentText> {
  if (start === encoding.mark && size <= WHOLE) {
    const bytes = await readFile(path, { signal });
    const text = encoding.decode(bytes.subarray(encoding.mark));
    const documents = freeswitchDocuments(text);
    if (documents && documents.length > 0) return yield { documents, text, bytes, end: bytes.length };
  }
  for await (const lines of linesOf(path, { start, encoding, isWhole: true, signal })) {
    for (const { bytes, end, isTooLong } of lines) {
      const text = encoding.decode(bytes);
      if (text.trim() !== '') yield { documents: isTooLong ? null : freeswitchDocuments(text), text, bytes, end };
    }
  }
}
