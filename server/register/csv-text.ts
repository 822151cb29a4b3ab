import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import iconv from 'iconv-lite';

/** The file is no CSV, or one that can't be imported; said in words to whoever handed it in. */
export class CsvRefused extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'CsvRefused';
  }
}

const MAX_LINE = 1_000_000;

const isUtf8 = async (path: string): Promise<boolean> => {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for await (const chunk of createReadStream(path)) decoder.decode(chunk, { stream: true });
    decoder.decode();
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
};

/** By its byte order mark (a spreadsheet's "Unicode text" is UTF-16), else UTF-8 when all of it is, else windows-1252. */
const encodingOf = async (path: string): Promise<string> => {
  const file = await open(path);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(4096), 0, 4096, 0).finally(() => file.close());
  const head = buffer.subarray(0, bytesRead);
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  if (head.includes(0)) throw new CsvRefused('This is no text file.');
  return (await isUtf8(path)) ? 'utf-8' : 'windows-1252';
};

/** Lines of a text file without their ends (CRLF, LF or CR), decoded, its byte order mark taken off. Throws CsvRefused when it is no text. */
export async function* textLines(path: string): AsyncGenerator<string> {
  const encoding = await encodingOf(path);
  const decoder = iconv.decodeStream(encoding);
  // a fault of the file ends the decoder, whose reader is told
  const text = pipeline(createReadStream(path), decoder, () => undefined) as unknown as AsyncIterable<string>;
  let rest = '';
  for await (const chunk of text) {
    // a CR at the end may be half of a CRLF
    const lines = (rest + chunk).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    if (rest.length > MAX_LINE) throw new CsvRefused('This is no CSV file: it has a line of a million characters.');
    yield* lines;
  }
  if (rest !== '') yield rest.replace(/\r$/, '');
}
