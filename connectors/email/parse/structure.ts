import { type Boundaries, type Delimiter, delimiterToken, MAX_DELIMITER, makeBoundaries } from './boundaries.ts';
import { type Entity, readEntity } from './entity.ts';
import { type Field, type HeaderBlock, type LineEnds, makeLineEnds, readHeader, skipLeading } from './fields.ts';

/** What is read of a mail's structure at most. */
export interface Limits {
  /** bytes of the header block that are read */
  header: number;
  /** nodes of the MIME tree */
  entities: number;
}

/** The limits that apply outside tests. */
export const LIMITS: Limits = { header: 2 * 1024 * 1024, entities: 100_000 };
const MAX_PART_HEADER = 256 * 1024;

/** The MIME tree of a mail: nodes in the order they start, so a parent comes before its children. */
export interface Structure {
  entities: Entity[];
  /** header block of the mail up to the limit, bytes as Latin-1 characters */
  header: string;
  fields: Field[];
  size: number;
  notices: string[];
}

/** Reads the structure of a mail from chunks. */
export interface StructureScanner {
  write(chunk: Uint8Array): void;
  end(): Structure;
}

/** State of a scan. `text`: what may still be needed, from byte `base` of the mail on; `at`: the index in it that is read next. */
interface Scan {
  limits: Limits;
  entities: Entity[];
  notices: string[];
  boundaries: Boundaries;
  header: string;
  fields: Field[];
  text: string;
  base: number;
  at: number;
  ends: LineEnds;
  dashes: { lf: number; cr: number };
  state: 'header' | 'long-header' | 'body' | 'rest';
  /** the leaf that the body belongs to; -1 in an epilogue */
  leaf: number;
  full: boolean;
}

/** Characters kept before `at`: the line end before a delimiter, and its first three characters. */
const LOOK_BACK = 4;
const LINE_WINDOW = MAX_DELIMITER + 200;
const EMPTY_LINE = /\r?\n\r?\n|\r\r(?!\n)/g;
const CONTENT_FIELD = /^content-[a-z-]+[ \t]*:/i;

const findDelimiter = (scan: Scan, from: number, end: number): Delimiter | null => {
  if (scan.full || scan.boundaries.depth() === 0) return null;
  const token = delimiterToken(scan.text, from, end);
  return token === null ? null : scan.boundaries.find(token);
};

const bodyState = ({ full, boundaries }: Scan): Scan['state'] => (!full && boundaries.depth() > 0 ? 'body' : 'rest');

const openEntity = (scan: Scan, block: HeaderBlock): void => {
  const { entities, boundaries, base, limits } = scan;
  const above = boundaries.top();
  const parent = entities[above];
  const entity = readEntity(block.fields, above, parent?.type === 'multipart/digest' ? 'message/rfc822' : 'text/plain');
  scan.leaf = entities.push(entity) - 1;
  if (parent) parent.children++;
  entity.headerStart = base + scan.at;
  entity.bodyStart = base + block.body;
  entity.bodyEnd = entity.bodyStart;
  if (entity.multipart) boundaries.push(scan.leaf, entity.boundary ?? `\0${scan.leaf}`);
  if (entities.length >= limits.entities && !scan.full) {
    scan.full = true;
    scan.notices.push(`It has ${limits.entities} parts or more: what follows the last one counted belongs to it.`);
  }
  scan.at = block.body;
  scan.state = block.cut ? 'long-header' : bodyState(scan);
};

const takeHeader = (scan: Scan, final: boolean): boolean => {
  const isRoot = scan.entities.length === 0;
  if (isRoot && scan.at === 0 && scan.base === 0) scan.at = skipLeading(scan.text);
  const limit = isRoot ? scan.limits.header : MAX_PART_HEADER;
  const isDelimiter = (from: number, end: number) => findDelimiter(scan, from, end) !== null;
  const block = readHeader(scan.text, scan.at, { final, limit, ends: scan.ends, isDelimiter });
  if (!block) return false;
  if (isRoot) {
    scan.header = scan.text.slice(scan.at, block.end);
    scan.fields = block.fields;
  }
  if (block.cut)
    scan.notices.push(
      `${isRoot ? 'Its header' : 'The header of a part'} is longer than ${limit} bytes: only the beginning was read.`,
    );
  openEntity(scan, block);
  return true;
};

/** Skips to the empty line that ends a header above the limit. */
const skipHeader = (scan: Scan, final: boolean): boolean => {
  EMPTY_LINE.lastIndex = Math.max(0, scan.at - LOOK_BACK);
  const match = EMPTY_LINE.exec(scan.text);
  if (!match && !final) {
    scan.at = Math.max(scan.at, scan.text.length - LOOK_BACK);
    return false;
  }
  scan.at = match ? match.index + match[0].length : scan.text.length;
  const entity = scan.entities[scan.leaf] as Entity;
  entity.bodyStart = scan.base + scan.at;
  entity.bodyEnd = entity.bodyStart;
  scan.state = bodyState(scan);
  return true;
};

/** Ends the current leaf before the delimiter line at `line`; the line end before that belongs to the delimiter. */
const endLeaf = (scan: Scan, line: number): void => {
  let end = line;
  if (scan.text.charCodeAt(end - 1) === 10) end--;
  if (scan.text.charCodeAt(end - 1) === 13) end--;
  const leaf = scan.entities[scan.leaf];
  if (leaf) leaf.bodyEnd = Math.max(leaf.bodyStart, scan.base + end);
  scan.leaf = -1;
};

/** For a multipart whose boundary is missing or never occurred: takes a delimiter-like line that is followed by a Content-* field as its boundary. */
const adopt = (scan: Scan, from: number, end: number, next: number): Delimiter | null => {
  const { boundaries, entities, leaf } = scan;
  const entity = entities[leaf];
  if (scan.full || !entity?.multipart || leaf !== boundaries.top()) return null;
  const token = delimiterToken(scan.text, from, end);
  if (!token || !CONTENT_FIELD.test(scan.text.slice(next, next + 80))) return null;
  boundaries.popTo(boundaries.depth() - 1);
  boundaries.push(leaf, token);
  return { depth: boundaries.depth() - 1, closes: false };
};

const takeDelimiter = (scan: Scan, line: number, found: Delimiter, next: number): void => {
  endLeaf(scan, line);
  scan.boundaries.popTo(found.depth + 1);
  scan.at = next;
  if (found.closes) scan.boundaries.closeAt(found.depth);
  else scan.state = 'header';
};

const search = (text: string, needle: string, from: number): number => {
  const found = text.indexOf(needle, from);
  return found < 0 ? Number.POSITIVE_INFINITY : found;
};

/** Start of the next line that begins with `--`, or -1. Each stretch of text is searched once, however many parts there are. */
const nextDashes = (scan: Scan, from: number): number => {
  const { text, dashes } = scan;
  const before = text.charCodeAt(from - 1);
  if ((from === 0 || before === 10 || before === 13) && text.startsWith('--', from)) return from;
  if (dashes.lf < from) dashes.lf = search(text, '\n--', from);
  if (dashes.cr < from) dashes.cr = search(text, '\r--', from);
  const found = Math.min(dashes.lf, dashes.cr);
  return found === Number.POSITIVE_INFINITY ? -1 : found + 1;
};

/** Looks for the next delimiter; false when more text is needed. */
const takeBody = (scan: Scan, final: boolean): boolean => {
  for (;;) {
    const { text } = scan;
    const line = nextDashes(scan, scan.at);
    if (line < 0) {
      scan.at = Math.max(scan.at, text.length - LOOK_BACK);
      return false;
    }
    if (!final && text.length - line < LINE_WINDOW) {
      scan.at = Math.max(scan.at, line - 1);
      return false;
    }
    const ends = scan.ends.next(line);
    const end = Math.min(ends?.[0] ?? text.length, line + LINE_WINDOW);
    const next = ends && ends[0] === end ? ends[1] : end;
    const found = findDelimiter(scan, line, end) ?? adopt(scan, line, end, next);
    if (found) {
      takeDelimiter(scan, line, found, next);
      return true;
    }
    scan.at = end;
  }
};

const step = (scan: Scan, final: boolean): boolean => {
  if (scan.state === 'header') return takeHeader(scan, final);
  if (scan.state === 'long-header') return skipHeader(scan, final);
  if (scan.state === 'body') return takeBody(scan, final);
  scan.at = scan.text.length;
  return false;
};

const append = (scan: Scan, piece: string): void => {
  const done = Math.max(0, scan.at - LOOK_BACK);
  scan.text = scan.text.slice(done) + piece;
  scan.base += done;
  scan.at -= done;
  scan.ends = makeLineEnds(scan.text);
  scan.dashes = { lf: -1, cr: -1 };
};

const finish = (scan: Scan): Structure => {
  const { entities, header, fields, notices } = scan;
  const size = scan.base + scan.text.length;
  const last = entities[scan.leaf];
  if (last) last.bodyEnd = size;
  for (const entity of entities) if (entity.children === 0) entity.multipart = false;
  return { entities, header, fields, size, notices };
};

const begin = (limits: Limits): Scan => ({
  limits,
  entities: [],
  notices: [],
  boundaries: makeBoundaries(),
  header: '',
  fields: [],
  text: '',
  base: 0,
  at: 0,
  ends: makeLineEnds(''),
  dashes: { lf: -1, cr: -1 },
  state: 'header',
  leaf: -1,
  full: false,
});

const run = (scan: Scan, final: boolean): void => {
  let going = true;
  while (going) going = step(scan, final);
};

const asLatin1 = (chunk: Uint8Array): string =>
  Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('latin1');

/**
 * Finds the bounds of every leaf of a mail, in one pass over its chunks and without recursion. Only a whole line that is the boundary of an open multipart
 * counts as a delimiter; an outer one closes inner multiparts that were left open. message/rfc822 is one leaf.
 */
export const makeStructureScanner = (limits: Limits = LIMITS): StructureScanner => {
  const scan = begin(limits);
  return {
    write: chunk => {
      append(scan, asLatin1(chunk));
      run(scan, false);
    },
    end: () => {
      append(scan, '');
      run(scan, true);
      return finish(scan);
    },
  };
};

/** The structure of a mail in memory, its bytes as Latin-1 characters. */
export const readStructure = (text: string, limits: Limits = LIMITS): Structure => {
  const scan = begin(limits);
  append(scan, text);
  run(scan, true);
  return finish(scan);
};
