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
const escapeOf = (character: string): string => escapes[character.charCodeAt(0)] as string;

/** Soft line breaks at 76 characters, never inside an escape (RFC 2045 section 6.7). */
const softBroken = (line: string): string => {
  let out = '';
  let at = 0;
  while (line.length - at > 76) {
    let cut = at + 75;
    if (line[cut - 1] === '=') cut -= 1;
    else if (line[cut - 2] === '=') cut -= 2;
    out += `${line.slice(at, cut)}=\r\n`;
    at = cut;
  }
  return out + line.slice(at);
};

const quotedLine = (line: string): string =>
  softBroken(line.replace(/[^\t\x20-\x3c\x3e-\x7e]/g, escapeOf).replace(/[\t ]$/, escapeOf));

/** Quoted-printable of `bytes`, whose CRLF stay line ends. */
export const quotedPrintable = (bytes: Buffer): string =>
  bytes.toString('latin1').split('\r\n').map(quotedLine).join('\r\n');

/** Base64 in lines of 76 characters, each ended with CRLF. */
export const base64Lines = (bytes: Buffer): string => {
  const flat = bytes.toString('base64');
  let out = '';
  for (let at = 0; at < flat.length; at += 76) out += `${flat.slice(at, at + 76)}\r\n`;
  return out;
};

/** The bytes of a body in a content transfer encoding. */
export const encodeBody = (bytes: Buffer, encoding: Encoding): Buffer => {
  if (encoding === 'base64') return Buffer.from(base64Lines(bytes), 'latin1');
  if (encoding === 'quoted-printable') return Buffer.from(quotedPrintable(bytes), 'latin1');
  return bytes;
};
