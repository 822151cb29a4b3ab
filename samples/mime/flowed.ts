/** Breaks one paragraph at `width`, giving the pieces with the space at which each was broken still on it. */
const pieces = (paragraph: string, width: number): string[] => {
  const out: string[] = [];
  let rest = paragraph;
  while (rest.length > width) {
    const space = rest.lastIndexOf(' ', width);
    if (space <= 0) break;
    out.push(rest.slice(0, space + 1));
    rest = rest.slice(space + 1);
  }
  out.push(rest);
  return out;
};

const quoteOf = (line: string): [string, string] => {
  const [, quote = '', content = ''] = /^(>*) ?(.*)$/.exec(line) ?? [];
  return quote === '' ? ['', line] : [quote, content];
};

/** Breaks a quoted line, each piece with the marks. */
const wrapQuoted = (quote: string, content: string, width: number): string[] =>
  pieces(content, width - quote.length - 1).map(piece => `${quote} ${content === '-- ' ? piece : piece.trimEnd()}`);

const wrapLine = (line: string, width: number): string[] => {
  if (line.length <= width) return [line];
  const [quote, content] = quoteOf(line);
  return quote === '' ? pieces(line, width).map(piece => piece.trimEnd()) : wrapQuoted(quote, content, width);
};

/** Wraps text at `width` as plain mail programs do. */
export const wrap = (text: string, width = 72): string =>
  text
    .split('\n')
    .flatMap(line => wrapLine(line, width))
    .join('\n');

/** What RFC 3676 section 4.4 calls stuffing. */
const stuffed = (line: string): string => (/^(?:[ >]|From )/.test(line) ? ` ${line}` : line);

const flowedLine = (line: string, delsp: boolean): string[] => {
  if (line.startsWith('>')) return wrapLine(line, 72);
  if (line === '-- ') return [line];
  const parts = pieces(line.trimEnd(), 70);
  return parts.map((piece, i) => stuffed(delsp && i < parts.length - 1 ? `${piece} ` : piece));
};

/** RFC 3676 format=flowed, quotes fixed; with `delsp` the space of a soft break is one more than the text's own. */
export const flowed = (text: string, delsp = false): string =>
  text
    .split('\n')
    .flatMap(line => flowedLine(line, delsp))
    .join('\n');
