import { isUtf8 } from 'node:buffer';
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
/** Bytes as characters: lines end in them where they end in the text. */
const BYTES = 'latin1';

/** By its byte order mark (a spreadsheet's "Unicode text" is UTF-16), else that of bytes, which are looked at line by line. */
const encodingOf = async (path: string): Promise<string> => {
  const file = await open(path);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(4096), 0, 4096, 0).finally(() => file.close());
  const head = buffer.subarray(0, bytesRead);
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  if (head.includes(0)) throw new CsvRefused('This is no text file.');
  return BYTES;
};

/** A line is UTF-8 when it can be, else windows-1252: what was put together of several files is either. */
const decodeBytes = (line: string): string => {
  const bytes = Buffer.from(line, BYTES);
  return isUtf8(bytes) ? bytes.toString().replace(/^\ufeff/, '') : iconv.decode(bytes, 'windows-1252');
};

/** Lines of a text file without their ends (CRLF, LF or CR), decoded, its byte order mark taken off. Throws CsvRefused when it is no text. */
export async function* textLines(path: string): AsyncGenerator<string> {
  const encoding = await encodingOf(path);
  const decode = encoding === BYTES ? decodeBytes : (line: string) => line;
  const decoder = iconv.decodeStream(encoding);
  // a fault of the file ends the decoder, whose reader is told
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
