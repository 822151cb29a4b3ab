import { isAscii, isUtf8 } from 'node:buffer';
import { labelToName, TextDecoder } from '@exodus/bytes/encoding.js';
import iconv from 'iconv-lite';
import { normalizeCharset } from 'libmime/lib/charset.js';
import { decodeHz, decodeIso2022Kr, decodeUtf16 } from './charset-odd.ts';

interface Codec {
  name: string;
  decode(bytes: Buffer): string;
}

/** The encoding for text that names none and isn't UTF-8. */
export const FALLBACK = 'windows-1252';

/** Charset labels in mail that neither the WHATWG list nor iconv-lite knows, or that they take for something narrower than what senders mean. */
const ALIASES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    cp949: 'euc-kr',
    ms949: 'euc-kr',
    uhc: 'euc-kr',
    'x-windows-949': 'euc-kr',
    'windows-949': 'euc-kr',
    cp932: 'shift_jis',
    ms932: 'shift_jis',
    'windows-932': 'shift_jis',
    cp936: 'gbk',
    ms936: 'gbk',
    'windows-936': 'gbk',
    cp950: 'big5',
    'windows-950': 'big5',
    'x-windows-950': 'big5',
    'gb2312-80': 'gbk',
    'gb18030-2000': 'gb18030',
    'iso-2022-jp-1': 'iso-2022-jp',
    'iso-2022-jp-2': 'iso-2022-jp',
    'iso-2022-jp-3': 'iso-2022-jp',
    'iso-2022-jp-2004': 'iso-2022-jp',
    'iso-2022-jp-ms': 'iso-2022-jp',
    cp50220: 'iso-2022-jp',
    cp50221: 'iso-2022-jp',
    cp50222: 'iso-2022-jp',
    jis: 'iso-2022-jp',
    eucjp: 'euc-jp',
    euckr: 'euc-kr',
    euccn: 'gbk',
    'euc-cn': 'gbk',
    'x-euc-cn': 'gbk',
    hz: 'hz-gb-2312',
    'unicode-1-1-utf-8': 'utf-8',
    utf8mb4: 'utf-8',
    'utf-8mb4': 'utf-8',
    'x-utf-8': 'utf-8',
    'unicode-1-1-utf-7': 'utf-7',
    'unicode-2-0-utf-7': 'utf-7',
    utf7: 'utf-7',
    ansi: FALLBACK,
    latin1: FALLBACK,
    '8859-1': FALLBACK,
    'iso-8859': FALLBACK,
    ascii: FALLBACK,
    'x-ansi': FALLBACK,
    usascii: FALLBACK,
  }),
);

const UNKNOWN = new Set([
  '',
  'unknown',
  'unknown-8bit',
  'x-unknown',
  '8bit',
  '7bit',
  'binary',
  'default',
  'default_charset',
  'none',
  'x-user-defined',
  'utf-8-or-unknown',
]);

const whatwg = (name: string): Codec => {
  const decoder = new TextDecoder(name);
  return { name: name.toLowerCase(), decode: bytes => decoder.decode(bytes) };
};

const withoutC1 = /^[^\x80-\x9f]*$/;
const windows1252 = whatwg(FALLBACK);
/** windows-1252 by Node's latin1, which is three times as fast and right except for 0x80 to 0x9F. */
const latin: Codec = {
  name: FALLBACK,
  decode: bytes => {
    const text = bytes.toString('latin1');
    return withoutC1.test(text) ? text : windows1252.decode(bytes);
  },
};
const utf8: Codec = { name: 'utf-8', decode: bytes => bytes.toString('utf8') };

const iso2022jp = whatwg('iso-2022-jp');
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one
const REDUNDANT_ESCAPES = /(?:\u{1b}(?:\([BIJ]|\$[@B]))+(?=\u{1b}(?:\(|\$))/gu;
/**
 * ISO-2022-JP with redundant escapes removed: WHATWG treats an escape right before another one as an error, but joined encoded words have such ones all the
 * time.
 */
const japanese: Codec = {
  name: 'iso-2022-jp',
  decode: bytes => iso2022jp.decode(Buffer.from(bytes.toString('latin1').replace(REDUNDANT_ESCAPES, ''), 'latin1')),
};

const OWN: ReadonlyMap<string, Codec> = new Map(
  Object.entries({
    'utf-8': utf8,
    'iso-2022-jp': japanese,
    [FALLBACK]: latin,
    'iso-2022-kr': { name: 'iso-2022-kr', decode: decodeIso2022Kr },
    'hz-gb-2312': { name: 'hz-gb-2312', decode: decodeHz },
    'utf-16': { name: 'utf-16', decode: decodeUtf16 },
    'utf-7': { name: 'utf-7', decode: bytes => iconv.decode(bytes, 'utf-7') },
  }),
);

const find = (label: string): Codec | null => {
  const name = ALIASES.get(label) ?? label;
  const own = OWN.get(name);
  if (own) return own;
  const known = labelToName(name);
  if (known && known !== 'replacement') return OWN.get(known.toLowerCase()) ?? whatwg(known);
  return iconv.encodingExists(name) ? { name, decode: bytes => iconv.decode(bytes, name) } : null;
};

const resolve = (declared: string): Codec | null => {
  const label = declared
    .toLowerCase()
    .replace(/^[\s"'=]+|[\s"';,*].*$/gs, '')
    .replace(/^cs(?=iso|utf|windows|big5|euc|shift)/, '');
  if (UNKNOWN.has(label)) return null;
  return (
    find(label) ??
    find(label.replace(/[_ ]/g, '-').replace(/^x-(?!mac|sjis|euc|gbk)/, '')) ??
    find(normalizeCharset(label).toLowerCase())
  );
};

const codecs = new Map<string, Codec | null>();
const MAX_CACHED = 500;

/** The decoder for a charset label, also a misspelt one; null when it isn't known. */
const codecOf = (declared: string | undefined): Codec | null => {
  if (!declared) return null;
  let codec = codecs.get(declared);
  if (codec === undefined) {
    codec = resolve(declared);
    if (codecs.size < MAX_CACHED) codecs.set(declared, codec);
  }
  return codec;
};

/** Canonical name of a charset label; undefined when it isn't known. */
export const charsetName = (declared: string | undefined): string | undefined => codecOf(declared)?.name;

/** Encodings in which a byte below 0x80 may be something else than ASCII. */
const SEVEN_BIT = new Set([
  'iso-2022-jp',
  'iso-2022-kr',
  'hz-gb-2312',
  'utf-7',
  'utf-16',
  'utf-16le',
  'utf-16be',
  'utf-32',
  'utf-32le',
  'utf-32be',
]);
/** Seven-bit encodings, each with those that text labelled with it is really in when it has bytes above 0x7F. */
const REALLY: ReadonlyMap<string, readonly string[]> = new Map([
  ['iso-2022-jp', ['utf-8', 'euc-jp', 'shift_jis']],
  ['iso-2022-kr', ['utf-8', 'euc-kr']],
  ['hz-gb-2312', ['utf-8', 'gb18030']],
  ['utf-7', ['utf-8', FALLBACK]],
]);
/** Labels that senders write by default, whatever the text is in. */
const CARELESS = new Set(['utf-8', FALLBACK, 'iso-8859-15']);
const MULTIBYTE = new Set(['gbk', 'gb18030', 'big5', 'euc-kr', 'euc-jp', 'shift_jis']);
/** Number of bytes above 0x7F from which valid UTF-8 can't be an accident: short Chinese or Korean text may be valid UTF-8 by chance. */
const SURE_NON_ASCII = 12;

const escaped = (bytes: Buffer): Codec | null => {
  const at = bytes.indexOf(0x1b);
  if (at < 0) return null;
  if (bytes.includes('\x1b$)C')) return OWN.get('iso-2022-kr') as Codec;
  return bytes.includes('\x1b$') || bytes.includes('\x1b(') ? codecOf('iso-2022-jp') : null;
};

const nonAscii = (text: string): { good: number; bad: number } => {
  let good = 0;
  let bad = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0xfffd) bad++;
    else if (code > 0x7f) good++;
  }
  return { good, bad };
};

/** Decodes by a codec, or by the encoding that the bytes show. Text with escape sequences is in the encoding it says. */
const decodeBy = (codec: Codec, bytes: Buffer, hint: string | undefined): string => {
  const really = REALLY.get(codec.name);
  if (!really || isAscii(bytes) || bytes.includes(0x1b)) return codec.decode(bytes);
  for (const name of [really[0], hint, ...really.slice(1)]) {
    const text = codecOf(name)?.decode(bytes) ?? '\ufffd';
    if (!text.includes('\ufffd')) return text;
  }
  return codec.decode(bytes);
};

/** Decodes damaged UTF-8. Text with more bad than good sequences was never UTF-8, and is decoded by `fallback`. */
const damagedUtf8 = (bytes: Buffer, fallback: Codec): string => {
  const text = utf8.decode(bytes);
  const { good, bad } = nonAscii(text);
  return bad > good ? decodeBy(fallback, bytes, undefined) : text;
};

const highBytes = (bytes: Buffer): number => {
  let count = 0;
  for (const byte of bytes) if (byte > 0x7f && ++count >= SURE_NON_ASCII) break;
  return count;
};

const isReallyUtf8 = (bytes: Buffer, name: string): boolean =>
  (CARELESS.has(name) || (MULTIBYTE.has(name) && highBytes(bytes) >= SURE_NON_ASCII)) && isUtf8(bytes);

const withoutBom = (text: string): string => (text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);

const decode = (bytes: Buffer, declared?: string, hint?: string): string => {
  const codec = codecOf(declared);
  const careless = !codec || CARELESS.has(codec.name);
  const fallback = codecOf(hint) ?? latin;
  if (careless && (bytes[0] as number) >= 0xfe && (bytes[0] as number) + (bytes[1] ?? 0) === 0x1fd)
    return decodeUtf16(bytes);
  if (careless || !SEVEN_BIT.has(codec.name)) {
    if (isAscii(bytes)) return ((careless && escaped(bytes)) || latin).decode(bytes);
  }
  if (!codec) return isUtf8(bytes) ? utf8.decode(bytes) : decodeBy(fallback, bytes, undefined);
  if (isReallyUtf8(bytes, codec.name)) return utf8.decode(bytes);
  if (codec.name === 'utf-8') return damagedUtf8(bytes, fallback.name === 'utf-8' ? latin : fallback);
  return decodeBy(codec, bytes, hint);
};

/**
 * Decodes text whose charset may be wrong or missing. Valid UTF-8 is read as such when the label is one that senders write by default. Text that is labelled
 * UTF-8 and isn't, or has no label, is read by the charset `hint`, else as windows-1252. Never throws.
 */
export const decodeText = (bytes: Buffer, declared?: string, hint?: string): string => {
  if (bytes.length === 0) return '';
  return withoutBom(decode(bytes, declared, hint));
};
