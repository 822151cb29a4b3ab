import { bytesOf, type Charset } from './encode.ts';

/** biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is what the test is about */
const ascii = /^[\x00-\x7f]*$/;

export interface Address {
  name?: string;
  email: string;
}

const qWord = (bytes: Buffer): string => {
  let out = '';
  for (const byte of bytes) {
    if (byte === 32) out += '_';
    else if ((byte >= 48 && byte <= 57) || (byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122))
      out += String.fromCharCode(byte);
    else out += `=${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return out;
};

/** RFC 2047 encoded words, folded, each at most 75 characters and of whole characters. */
export const encodedWords = (text: string, charset: Charset = 'utf-8', mode: 'B' | 'Q' = 'Q'): string => {
  const room = 75 - charset.length - 7;
  const encode = (piece: string): string => {
    const bytes = bytesOf(piece, charset);
    return mode === 'B' ? bytes.toString('base64') : qWord(bytes);
  };
  const words: string[] = [];
  let piece = '';
  for (const character of text) {
    if (piece !== '' && encode(piece + character).length > room) {
      words.push(piece);
      piece = '';
    }
    piece += character;
  }
  words.push(piece);
  return words.map(word => `=?${charset}?${mode}?${encode(word)}?=`).join('\r\n ');
};

/** Encoded words cut inside a character, as broken senders do (RFC 2047 section 5 forbids it). */
export const brokenWords = (text: string): string => {
  const bytes = Buffer.from(text, 'utf8');
  const cut = bytes.findIndex(byte => byte >= 0xc2) + 1;
  const word = (part: Buffer): string => `=?utf-8?B?${part.toString('base64')}?=`;
  return cut === 0 ? word(bytes) : `${word(bytes.subarray(0, cut))}\r\n ${word(bytes.subarray(cut))}`;
};

/** Text of an unstructured field, encoded where it must be. */
export const headerText = (text: string, charset: Charset = 'utf-8', mode: 'B' | 'Q' = 'Q'): string =>
  ascii.test(text) ? text : encodedWords(text, charset, mode);

const token = /^[\w !#$%&'*+/=?^`{|}~-]+$/;

/** An address with its display name quoted or encoded. */
export const addressText = ({ name, email }: Address, charset: Charset = 'utf-8'): string => {
  if (!name) return email;
  if (!ascii.test(name)) return `${encodedWords(name, charset)} <${email}>`;
  return `${token.test(name) ? name : `"${name.replace(/["\\]/g, '\\$&')}"`} <${email}>`;
};

/** A list of addresses, one a line. */
export const addressList = (list: readonly Address[], charset?: Charset): string =>
  list.map(address => addressText(address, charset)).join(',\r\n\t');

export type NameStyle = 'rfc2231' | 'rfc2231-continued' | 'encoded-word';

const percent = (text: string): string =>
  encodeURIComponent(text).replace(/['()*!]/g, c => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

/** RFC 2231 section 3: a value in numbered pieces, never cutting an escape. */
const continued = (parameter: string, name: string): string => {
  const pieces = percent(name).match(/(?:%[0-9A-F]{2}|[^%]){1,14}/g) ?? [''];
  return pieces.map((piece, i) => `\r\n\t${parameter}*${i}*=${i === 0 ? "utf-8''" : ''}${piece}`).join(';');
};

/** A file name as a MIME parameter, as the various mail programs write it. */
export const nameParameter = (parameter: 'name' | 'filename', name: string, style: NameStyle): string => {
  if (style === 'rfc2231-continued') return continued(parameter, name);
  if (ascii.test(name)) return `\r\n\t${parameter}="${name}"`;
  if (style === 'encoded-word') return `\r\n\t${parameter}="${encodedWords(name, 'utf-8', 'B')}"`;
  return `\r\n\t${parameter}*=utf-8''${percent(name)}`;
};

/** Message-IDs for References, folded. */
export const referenceList = (ids: readonly string[]): string => ids.join('\r\n ');
