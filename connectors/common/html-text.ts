import { decodeHTML } from 'entities';

/** Elements that begin and end a paragraph. */
const PARAGRAPH = new Set([
  'p',
  'h1',
  'h2',
  'h3',
  'h4',
  'h5',
  'h6',
  'ul',
  'ol',
  'dl',
  'table',
  'pre',
  'blockquote',
  'hr',
]);
/** Elements that begin and end a line. */
const LINE = new Set([
  'div',
  'tr',
  'li',
  'dt',
  'dd',
  'section',
  'article',
  'header',
  'footer',
  'address',
  'center',
  'form',
  'fieldset',
  'legend',
  'option',
  'main',
  'nav',
  'aside',
  'figure',
  'caption',
  'body',
]);
/** Elements whose content isn't shown, with a pattern for their end tags. */
const HIDDEN: ReadonlyMap<string, RegExp> = new Map(
  ['script', 'style', 'title', 'template', 'noframes', 'xml'].map(name => [name, new RegExp(`</${name}[\\s>]`, 'gi')]),
);
const BLANKS = /[ \t\r\n\f]+/g;

interface Writer {
  out: string[];
  /** line breaks to write before the next text: 0, 1 or 2 */
  breaks: number;
  space: boolean;
  quotes: number;
  /** depth of quoting in the line before */
  quoted: number;
  pre: number;
  /** ends (of comments, of elements) that don't occur in the rest of the text: they aren't searched for again, which would take quadratic time */
  missing: Set<string>;
}

const startLine = (writer: Writer): void => {
  const { out, breaks, quotes, quoted } = writer;
  const prefix = '> '.repeat(Math.min(quotes, 20));
  const between = '> '.repeat(Math.min(quotes, quoted, 20)).trimEnd();
  if (out.length === 0) out.push(prefix);
  else if (breaks > 0) out.push(breaks > 1 ? `\n${between}\n${prefix}` : `\n${prefix}`);
  else if (writer.space) out.push(' ');
  writer.breaks = 0;
  writer.space = false;
  writer.quoted = quotes;
};

const addText = (writer: Writer, raw: string): void => {
  if (writer.pre > 0) {
    if (raw !== '') {
      startLine(writer);
      writer.out.push(raw.replace(/\r\n?/g, '\n'));
    }
    return;
  }
  const text = raw.replace(BLANKS, ' ');
  const core = text.trim() === '' && !text.includes('\u00a0') ? '' : text;
  if (core === '') {
    if (text !== '') writer.space = true;
    return;
  }
  const starts = core.startsWith(' ');
  const ends = core.endsWith(' ');
  if (starts) writer.space = true;
  startLine(writer);
  writer.out.push(core.slice(starts ? 1 : 0, ends ? -1 : undefined));
  writer.space = ends;
};

const lineBreak = (writer: Writer, count: number): void => {
  if (writer.out.length) writer.breaks = Math.max(writer.breaks, count);
};

const onTag = (writer: Writer, name: string, closing: boolean): void => {
  if (name === 'br') writer.breaks = Math.min(writer.breaks + 1, 2);
  else if (PARAGRAPH.has(name)) lineBreak(writer, 2);
  else if (LINE.has(name)) lineBreak(writer, 1);
  else if (name === 'td' || name === 'th') writer.space = true;
  if (name === 'blockquote') writer.quotes = Math.max(0, writer.quotes + (closing ? -1 : 1));
  else if (name === 'pre') writer.pre = Math.max(0, writer.pre + (closing ? -1 : 1));
  else if (name === 'li' && !closing) addText(writer, '- ');
};

const isLetter = (code: number): boolean => (code | 32) >= 97 && (code | 32) <= 122;

/** Index after the tag that starts at `at`. A `>` in a quoted attribute doesn't end it, unless the quote never closes. */
const tagEnd = (html: string, at: number): number => {
  const plain = html.indexOf('>', at);
  if (plain < 0) return html.length;
  let quote = 0;
  for (let i = at; i < Math.min(html.length, at + 2000); i++) {
    const code = html.charCodeAt(i);
    if (quote) {
      if (code === quote) quote = 0;
    } else if (code === 0x3e) return i + 1;
    else if ((code === 0x22 || code === 0x27) && html.charCodeAt(i - 1) === 0x3d) quote = code;
  }
  return plain + 1;
};

/** Index after a comment, a declaration or a processing instruction. */
const declarationEnd = (writer: Writer, html: string, at: number): number => {
  const comment = html.startsWith('<!--', at) && !writer.missing.has('-->');
  const end = html.indexOf(comment ? '-->' : '>', comment ? at + 4 : at);
  if (end >= 0) return end + (comment ? 3 : 1);
  writer.missing.add('-->');
  const rescue = html.indexOf('>', at);
  return rescue < 0 ? html.length : rescue + 1;
};

const nameEnd = (html: string, at: number): number => {
  let end = at;
  while (end < html.length && html.charCodeAt(end) > 0x20 && html[end] !== '>' && html[end] !== '/') end++;
  return end;
};

/** Handles what starts with `<` at `at` and returns the index after it. */
const takeTag = (writer: Writer, html: string, at: number): number => {
  const code = html.charCodeAt(at + 1);
  if (code === 0x21 || code === 0x3f) return declarationEnd(writer, html, at);
  const closing = code === 0x2f;
  const start = closing ? at + 2 : at + 1;
  if (!isLetter(html.charCodeAt(start))) {
    addText(writer, '<');
    return at + 1;
  }
  const name = html.slice(start, nameEnd(html, start)).toLowerCase();
  const end = tagEnd(html, start);
  const hidden = closing ? undefined : HIDDEN.get(name);
  if (!hidden) {
    onTag(writer, name, closing);
    return end;
  }
  hidden.lastIndex = end;
  const close = writer.missing.has(name) ? null : hidden.exec(html);
  if (!close) writer.missing.add(name);
  return close?.index ?? end;
};

/**
 * The readable text of HTML: paragraphs, lines, list items and quotes. It works in one pass, since html-to-text, which builds a tree, takes ten times as long,
 * and a third of all mail has no text part.
 */
export const htmlToText = (html: string): string => {
  const writer: Writer = { out: [], breaks: 0, space: false, quotes: 0, quoted: 0, pre: 0, missing: new Set() };
  for (let at = 0; at < html.length; ) {
    const tag = html.indexOf('<', at);
    if (tag !== at) addText(writer, html.slice(at, tag < 0 ? html.length : tag));
    if (tag < 0) break;
    at = takeTag(writer, html, tag);
  }
  const text = writer.out.join('');
  return (text.includes('&') ? decodeHTML(text) : text).replaceAll('\u00a0', ' ');
};

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** Plain text as HTML, for a text part between HTML parts. */
export const textToHtml = (text: string): string =>
  `<div style="white-space:pre-wrap">${text.replace(/[&<>]/g, char => ESCAPES[char] as string)}</div>`;
