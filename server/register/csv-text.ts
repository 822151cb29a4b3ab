import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import iconv from 'iconv-lite';

/** The file isn't CSV, or can't be imported. The message is for whoever uploaded it. */
export class CsvRefused extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'CsvRefused';
  }
}

const MAX_LINE = 1_000_000;
/** Encoding that maps bytes to characters one to one, so that lines can be split before they are decoded. */
const BYTES = 'latin1';

/**
 * Encoding of a file: UTF-16 by its byte order mark (a spreadsheet's "Unicode text"), else bytes, which are decoded line by line. Throws CsvRefused for binary
 * data.
 */
const encodingOf = async (path: string): Promise<string> => {
  const file = await open(path);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(4096), 0, 4096, 0).finally(() => file.close());
  const head = buffer.subarray(0, bytesRead);
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  if (head.includes(0)) throw new CsvRefused('This is no text file.');
  return BYTES;
};

/** Decodes a line as UTF-8 when it is valid, else as windows-1252: a file that was put together from several may have both. */
const decodeBytes = (line: string): string => {
  const bytes = Buffer.from(line, BYTES);
  return isUtf8(bytes) ? bytes.toString().replace(/^\ufeff/, '') : iconv.decode(bytes, 'windows-1252');
};

/** Decoded lines of a text file, without line ends (CRLF, LF or CR) and byte order mark. Throws CsvRefused when it isn't text. */
export async function* textLines(path: string): AsyncGenerator<string> {
  const encoding = await encodingOf(path);
  const decode = encoding === BYTES ? decodeBytes : (line: string) => line;
  const decoder = iconv.decodeStream(encoding);
  // an error of the file ends the decoder, and so reaches the loop below
  const text = pipeline(createReadStream(path), decoder, () => undefined) as unknown as AsyncIterable<string>;
  let rest = '';
  for await (const chunk of text) {
    // a CR at the end may be half of a CRLF
    const lines = (rest + chunk).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    if (rest.length > MAX_LINE) throw new CsvRefused('This is no CSV file: it has a line of a million characters.');
    for (const line of lines) yield decode(line);
  }
  if (rest !== '') yield decode(rest.replace(/\r$/, ''));
}
