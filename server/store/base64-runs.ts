/**
 * Base64 leaves three quarters of every byte, and hides from a compressor what is alike in what it encodes. So stretches of base64 lines
 * (RFC 2045 6.8: all of one length but the last) are kept decoded, with what gives the original back byte for byte.
 */

/** Whole lines of base64 of one length that lie side by side in the original, and decoded where it is kept. */
export interface Run {
  /** of the first line, in the original */
  at: number;
  lines: number;
  /** of base64 in a line, a multiple of four */
  chars: number;
  /** bytes of a line's end: 1 for LF, 2 for CRLF */
  eol: number;
}

export interface Packed {
  data: Buffer;
  /** in their order; nothing but these differs from the original */
  runs: Run[];
}

const LF = 10;
const CR = 13;
/** Fewer lines aren't worth a run. */
const MIN_LINES = 8;
const MIN_CHARS = 32;
const MAX_CHARS = 996;
/** A document holds so many with ease; what comes after them stays as it is. */
const MOST_RUNS = 10_000;

export const strideOf = ({ chars, eol }: Run): number => chars + eol;
export const lineBytes = ({ chars }: Run): number => (chars / 4) * 3;
const endOf = (run: Run): number => run.at + run.lines * strideOf(run);

/** Base64 lines of whole lines' bytes. */
export const encodeLines = (bytes: Buffer, run: Run): Buffer => {
  const { chars, eol } = run;
  const flat = Buffer.from(bytes.toString('base64'), 'latin1');
  const stride = strideOf(run);
  const lines = flat.length / chars;
  const out = Buffer.allocUnsafe(lines * stride);
  for (let line = 0; line < lines; line++) {
    const end = line * stride + chars;
    flat.copy(out, line * stride, line * chars, (line + 1) * chars);
    if (eol === 2) out[end] = CR;
    out[end + eol - 1] = LF;
  }
  return out;
};

const isLineEnd = (bytes: Buffer, end: number, eol: number): boolean =>
  bytes[end] === LF && (bytes[end - 1] === CR) === (eol === 2);

/** How many lines from `at` on are as long as the first one, which ends with the LF at `end`. */
const linesAlike = (bytes: Buffer, at: number, end: number): Run | null => {
  const eol = bytes[end - 1] === CR ? 2 : 1;
  const chars = end + 1 - at - eol;
  if (chars % 4 !== 0 || chars < MIN_CHARS || chars > MAX_CHARS) return null;
  const stride = chars + eol;
  let lines = 1;
  while (isLineEnd(bytes, at + (lines + 1) * stride - 1, eol)) lines++;
  return lines < MIN_LINES ? null : { at, lines, chars, eol };
};

const BASE64_LINE = /^[A-Za-z0-9+/]+$/;

const linesOfBase64 = (text: string, { lines, chars, eol }: Run): number => {
  let line = 0;
  while (line < lines && BASE64_LINE.test(text.slice(line * (chars + eol), line * (chars + eol) + chars))) line++;
  return line;
};

/**
 * The decoded bytes of a run, which may have fewer lines than it looked; null when it isn't base64. Node skips characters outside the alphabet, so a wrong
 * length shows them; - and _, which it takes for + and /, are looked for.
 */
const decodeRun = (bytes: Buffer, run: Run): { run: Run; data: Buffer } | null => {
  const text = bytes.toString('latin1', run.at, endOf(run));
  const data = Buffer.from(text, 'base64');
  if (data.length === run.lines * lineBytes(run) && !text.includes('-') && !text.includes('_')) return { run, data };
  const lines = linesOfBase64(text, run);
  if (lines < MIN_LINES) return null;
  const shorter = { ...run, lines };
  return { run: shorter, data: Buffer.from(text.slice(0, lines * strideOf(run)), 'base64') };
};

/** Packs bytes that are in memory; at most `most` runs. */
export const packBase64 = (bytes: Buffer, most = MOST_RUNS): Packed => {
  const pieces: Buffer[] = [];
  const runs: Run[] = [];
  let kept = 0;
  let at = 0;
  while (runs.length < most) {
    const end = bytes.indexOf(LF, at);
    if (end < 0) break;
    const alike = linesAlike(bytes, at, end);
    const found = alike && decodeRun(bytes, alike);
    if (found) {
      pieces.push(bytes.subarray(kept, at), found.data);
      runs.push(found.run);
      kept = endOf(found.run);
    }
    at = found ? kept : end + 1;
  }
  return runs.length === 0 ? { data: bytes, runs } : { data: Buffer.concat([...pieces, bytes.subarray(kept)]), runs };
};

const WINDOW = 1024 * 1024;

/** Packs bytes that come in chunks, in bounded memory: `write` and `end` give what is to be kept, `runs` are complete after `end`. */
export const makePacker = (window = WINDOW) => {
  const runs: Run[] = [];
  let waiting: Buffer[] = [];
  let size = 0;
  let base = 0;

  const add = (run: Run): void => {
    const last = runs.at(-1);
    if (last && endOf(last) === run.at && last.chars === run.chars && last.eol === run.eol) last.lines += run.lines;
    else runs.push(run);
  };
  const take = (bytes: Buffer): Buffer => {
    const packed = packBase64(bytes, MOST_RUNS - runs.length);
    for (const run of packed.runs) add({ ...run, at: run.at + base });
    base += bytes.length;
    return packed.data;
  };
  /** Up to the last line's end, so that no line is cut; all of it where no line ends. */
  const flush = (final: boolean): Buffer => {
    const all = Buffer.concat(waiting);
    const cut = final ? all.length : all.lastIndexOf(LF) + 1 || all.length;
    waiting = [all.subarray(cut)];
    size = all.length - cut;
    return take(all.subarray(0, cut));
  };
  return {
    runs,
    write: (chunk: Buffer): Buffer | null => {
      waiting.push(chunk);
      size += chunk.length;
      return size < window ? null : flush(false);
    },
    end: (): Buffer => flush(true),
  };
};
