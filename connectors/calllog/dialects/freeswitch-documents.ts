import { XMLParser } from 'fast-xml-parser';

const xml = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: true,
});

/** Upper limit of tags and attributes: the parser takes a third of a second for so many, and blocks the hub meanwhile. Records have some thousands. */
const MOST_MARKS = 50_000;

const isOverfull = (text: string): boolean => {
  let marks = 0;
  for (let at = 0; at < text.length && marks <= MOST_MARKS; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x3c || code === 0x3d) marks++;
  }
  return marks > MOST_MARKS;
};

const NAME = /^[A-Za-z_][\w.:-]*$/;

const escaped = (text: string): string =>
  text
    .replace(/&(?!#?\w{1,31};)/g, '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');

/** The elements of a `<variables>` section whose names are valid in XML, with their text escaped. A section in which one isn't closed is returned as it is. */
const mendedVariables = (section: string): string => {
  const kept: string[] = [];
  let at = 0;
  for (let open = section.indexOf('<'); open >= 0; open = section.indexOf('<', at)) {
    const end = section.indexOf('>', open);
    const name = section.slice(open + 1, end);
    const isEmpty = end >= 0 && name.endsWith('/');
    const close = isEmpty ? end : section.indexOf(`</${name}>`, end);
    if (end < 0 || close < 0) return section;
    if (!isEmpty && NAME.test(name)) kept.push(`<${name}>${escaped(section.slice(end + 1, close))}</${name}>`);
    at = isEmpty ? end + 1 : close + name.length + 3;
  }
  return kept.join('\n');
};

/**
 * Makes XML of mod_xml_cdr well-formed: it writes names of variables as tags whatever they contain (`set api_hangup_hook`, `1`), and some versions don't escape
 * their text.
 */
const mended = (text: string): string => {
  const [open, close] = ['<variables>', '</variables>'];
  const parts: string[] = [];
  let at = 0;
  for (;;) {
    const from = text.indexOf(open, at);
    const to = from < 0 ? -1 : text.indexOf(close, from);
    if (to < 0) return parts.join('') + text.slice(at);
    parts.push(text.slice(at, from + open.length), mendedVariables(text.slice(from + open.length, to)));
    at = to;
  }
};

const parsed = (text: string): Record<string, unknown> => {
  try {
    return xml.parse(text, true);
  } catch {
    return xml.parse(mended(text), true);
  }
};

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : value === undefined ? [] : [value]);

const recordsOf = (given: string): unknown[] => {
  if (!given.startsWith('<')) {
    const read: unknown = JSON.parse(given);
    return typeof read === 'object' && read !== null ? listOf(read) : [];
  }
  if (isOverfull(given)) return [];
  const { cdr, cdrs } = parsed(given);
  return listOf(typeof cdrs === 'object' && cdrs !== null ? (cdrs as { cdr?: unknown }).cdr : cdr);
};

/** The records in a JSON or XML document of FreeSWITCH's, unchecked; null when it is neither, or has none. */
export const freeswitchDocuments = (text: string): unknown[] | null => {
  try {
    const records = recordsOf(text.trim());
    return records.length > 0 ? records : null;
  } catch {
    return null;
  }
};
