import iconv from 'iconv-lite';

export type Charset = 'utf-8' | 'iso-8859-1' | 'iso-8859-15' | 'windows-1252' | 'us-ascii';
export type Encoding = '7bit' | '8bit' | 'quoted-printable' | 'base64';

/** What an author with a Latin-1 keyboard would have typed. */
const plainer = (text: string): string =>
  text.replace(/[–—]/g, '-').replace(/[“”„]/g, '"').replace(/[‘’]/g, "'").replace(/…/g, '...');

/** `text` in the bytes of `charset`; what the older charsets lack is written as people wrote it then. */
export const bytesOf = (text: string, charset: Charset): Buffer => {
  if (charset === 'utf-8') return Buffer.from(text, 'utf8');
  if (charset === 'us-ascii') return Buffer.from(text.normalize('NFD').replace(/[^\n\r\t\x20-\x7e]/g, ''), 'latin1');
  if (charset === 'windows-1252') return iconv.encode(text, charset);
  const old = plainer(text);
  return iconv.encode(charset === 'iso-8859-1' ? old.replace(/€/g, 'EUR') : old, charset);
};

const escapes = Array.from({ length: 256 }, (_, byte) => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`);
const literal = (byte: number): boolean => (byte >= 33 && byte <= 126 && byte !== 61) || byte === 32 || byte === 9;

/** One line of quoted-printable, soft-broken at 76 characters (RFC 2045 section 6.7). */
const quotedLine = (line: string): string => {
  let out = '';
  let width = 0;
  for (let i = 0; i < line.length; i++) {
    const byte = line.charCodeAt(i);
    const atEnd = i === line.length - 1;
    const unit = literal(byte) && !(atEnd && byte <= 32) ? (line[i] as string) : (escapes[byte] as string);
    if (width + unit.length > (atEnd ? 76 : 75)) {
      out += '=\r\n';
      width = 0;
    }
    out += unit;
    width += unit.length;
  }
  return out;
};

const short = /^[\x21-\x3c\x3e-\x7e](?:[\x20-\x3c\x3e-\x7e]{0,74}[\x21-\x3c\x3e-\x7e])?$|^$/;

/** Quoted-printable of `bytes`, whose CRLF stay line ends. */
export const quotedPrintable = (bytes: Buffer): string =>
  bytes
    .toString('latin1')
    .split('\r\n')
    .map(line => (short.test(line) ? line : quotedLine(line)))
    .join('\r\n');

/** Base64 in lines of 76 characters, each ended with CRLF. */
export const base64Lines = (bytes: Buffer): string =>
  bytes.toString('base64').replace(/.{76}(?=.)/g, '$&\r\n') + (bytes.length > 0 ? '\r\n' : '');

/** The bytes of a body in a content transfer encoding. */
export const encodeBody = (bytes: Buffer, encoding: Encoding): Buffer => {
  if (encoding === 'base64') return Buffer.from(base64Lines(bytes), 'latin1');
  if (encoding === 'quoted-printable') return Buffer.from(quotedPrintable(bytes), 'latin1');
  return bytes;
};
