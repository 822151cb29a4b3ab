import { htmlToText, textToHtml } from '../../common/html-text.ts';
import { decodeText } from './charset.ts';
import type { Entity } from './entity.ts';
import { unflow } from './flowed.ts';
import { isHtml, type Shown } from './shown.ts';
import type { MailBytes } from './source.ts';
import { decodeBody } from './transfer.ts';

/** Most bytes of shown text that are decoded. */
export const TEXT_LIMIT = 8 * 1024 * 1024;
const HTML_TO_TEXT_LIMIT = 2 * 1024 * 1024;
const META_CHARSET = /<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*(?:["']\s*)?([\w.:-]+)/i;

/** The readable content of a mail. */
export interface Body {
  text?: string;
  html?: string;
  /** text was left out because of its length */
  cut: boolean;
}

/** Whether a body that is declared as base64 was never encoded: it has too many characters that base64 hasn't. */
const isFalseBase64 = (entity: Entity, raw: Buffer): boolean => {
  if (entity.encoding !== 'base64') return false;
  const sample = raw.subarray(0, 2000).toString('latin1').trim();
  const odd = sample.replace(/[A-Za-z0-9+/=\r\n_-]+/g, '').length;
  return odd > sample.length / 20;
};

const metaCharset = (bytes: Buffer): string | undefined =>
  META_CHARSET.exec(bytes.subarray(0, 4096).toString('latin1'))?.[1];

const lines = (text: string): string => {
  const ended = text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
  return ended.includes('\0') ? ended.replaceAll('\0', '') : ended;
};

/** Plain text of text/enriched (RFC 1896) and text/richtext: `<<` is a `<`, other tags are formatting; a single line end of enriched text is a space. */
const withoutFormatting = (text: string, type: string): string => {
  const joined =
    type === 'text/enriched' ? text.replace(/\n(\n*)/g, (_, more) => more || ' ') : text.replace(/<nl>/gi, '\n');
  // after the last `</param>`, each `<param>` would be searched to the end of the text
  let closed = 0;
  for (const { index } of joined.matchAll(/<\/param>/gi)) closed = index + '</param>'.length;
  const less = (_: string, escaped?: string): string => escaped ?? '';
  return (
    joined.slice(0, closed).replace(/<(?:(<)|param>[\s\S]*?<\/param>|\/?[\w-]+>)/gi, less) +
    joined.slice(closed).replace(/<(?:(<)|\/?[\w-]+>)/g, less)
  );
};

/** The text of a leaf, decoded from transfer encoding and charset. */
const readLeaf = (mail: MailBytes, entity: Entity, limit: number): string => {
  const raw = mail.read(entity.bodyStart, Math.min(entity.bodyEnd, entity.bodyStart + limit));
  const bytes = isFalseBase64(entity, raw) ? raw : decodeBody(raw, entity.encoding);
  if (isHtml(entity)) return lines(decodeText(bytes, entity.charset, metaCharset(bytes)));
  const text = lines(decodeText(bytes, entity.charset));
  if (entity.flowed) return unflow(text, entity.flowed.delSp);
  return entity.type === 'text/enriched' || entity.type === 'text/richtext'
    ? withoutFormatting(text, entity.type)
    : text;
};

const isBlank = (text: string): boolean => !/\S/.test(text);

const join = (pieces: string[]): string =>
  pieces
    .filter(piece => !isBlank(piece))
    .map((piece, i, all) => (i < all.length - 1 && !piece.endsWith('\n') ? `${piece}\n` : piece))
    .join('');

/** Decodes each shown leaf at most once, within a limit for all of them together. */
const makeReader = (mail: MailBytes, entities: readonly Entity[]) => {
  const read = new Map<number, string>();
  let left = TEXT_LIMIT;
  let cut = false;
  const get = (index: number): string => {
    const known = read.get(index);
    if (known !== undefined) return known;
    const entity = entities[index] as Entity;
    const size = entity.bodyEnd - entity.bodyStart;
    if (size > left) cut = true;
    const text = left > 0 ? readLeaf(mail, entity, left) : '';
    left = Math.max(0, left - size);
    read.set(index, text);
    return text;
  };
  const asText = (index: number): string => {
    if (!isHtml(entities[index] as Entity)) return get(index);
    const html = get(index);
    if (html.length > HTML_TO_TEXT_LIMIT) cut = true;
    return htmlToText(html.slice(0, HTML_TO_TEXT_LIMIT));
  };
  return { get, asText, wasCut: () => cut };
};

/** The text and the html of a mail as written; where there is no text it is made from the html. */
export const readBody = (mail: MailBytes, entities: readonly Entity[], shown: Shown): Body => {
  const reader = makeReader(mail, entities);
  const htmlOf = (index: number): string => {
    const text = reader.get(index);
    return isHtml(entities[index] as Entity) || isBlank(text) ? text : textToHtml(text);
  };
  const own = join(shown.text.map(reader.asText));
  const hasHtml = shown.html.some(index => isHtml(entities[index] as Entity));
  const html = hasHtml ? join(shown.html.map(htmlOf)) : '';
  const text = isBlank(own) && html ? join(shown.html.map(reader.asText)) : own;
  return { ...(!isBlank(text) && { text }), ...(!isBlank(html) && { html }), cut: reader.wasCut() };
};
