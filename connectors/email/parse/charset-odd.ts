import { TextDecoder } from '@exodus/bytes/encoding.js';

/** Encodings that neither the WHATWG list nor iconv-lite has: seven-bit wrappings of double-byte sets. */

const ESC = 0x1b;
const SHIFT_OUT = 0x0e;
const SHIFT_IN = 0x0f;

const highBits = (bytes: Uint8Array, from: number, to: number, out: number[]): void => {
  for (let i = from; i < to; i++) out.push((bytes[i] as number) | 0x80);
};

/** ISO-2022-KR (RFC 1557): EUC-KR without its high bits between SO and SI, announced by ESC $ ) C. */
export const decodeIso2022Kr = (bytes: Uint8Array): string => {
  const euc: number[] = [];
  let shifted = false;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] as number;
    if (byte === ESC && bytes[i + 1] === 0x24 && bytes[i + 2] === 0x29) i += 3;
    else if (byte === SHIFT_OUT) shifted = true;
    else if (byte === SHIFT_IN) shifted = false;
    else euc.push(shifted && byte > 0x20 ? byte | 0x80 : byte);
  }
  return new TextDecoder('euc-kr').decode(Uint8Array.from(euc));
};

/** HZ-GB-2312 (RFC 1843): GB 2312 without its high bits between `~{` and `~}`; `~~` is a tilde, `~` at a line's end joins it to the next. */
export const decodeHz = (bytes: Uint8Array): string => {
  const gb: number[] = [];
  for (let i = 0; i < bytes.length; i++) {
    const [byte, next] = [bytes[i] as number, bytes[i + 1]];
    if (byte !== 0x7e) gb.push(byte);
    else if (next === 0x7b) i = hzRun(bytes, i + 2, gb);
    else if (next === 0x7e) gb.push(bytes[++i] as number);
    else if (next === 0x0a || next === 0x7d) i++;
    else gb.push(byte);
  }
  return new TextDecoder('gbk').decode(Uint8Array.from(gb));
};

/** Index of the last byte of the run, its closing `~}` included; a line end closes it too. */
const hzRun = (bytes: Uint8Array, start: number, out: number[]): number => {
  let end = start;
  while (end < bytes.length && bytes[end] !== 0x0a && !(bytes[end] === 0x7e && bytes[end + 1] === 0x7d)) end += 2;
  const stop = Math.min(end, bytes.length);
  highBits(bytes, start, stop, out);
  return bytes[stop] === 0x7e ? stop + 1 : stop - 1;
};

/** UTF-16 whose label doesn't say its byte order: by BOM, else by where the zero bytes of spaces and line ends are. */
export const decodeUtf16 = (bytes: Uint8Array): string => {
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  let even = 0;
  let odd = 0;
  for (let i = 0; i < Math.min(bytes.length - 1, 2000); i += 2) {
    if (bytes[i] === 0) even++;
    if (bytes[i + 1] === 0) odd++;
  }
  return new TextDecoder(odd > even ? 'utf-16le' : 'utf-16be').decode(bytes);
};
