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

/** Wraps text at `width` as plain mail programs do; quoted lines are left alone. */
export const wrap = (text: string, width = 72): string =>
  text
    .split('\n')
    .map(line =>
      line.length <= width || line.startsWith('>')
        ? line
        : pieces(line, width)
            .map(piece => piece.trimEnd())
            .join('\n'),
    )
    .join('\n');

/** RFC 3676 format=flowed; with `delsp` the space that marks a soft break is one more than the text's own. */
export const flowed = (text: string, delsp = false): string =>
  text
    .split('\n')
    .map(line => {
      const [, quote = '', content = ''] = /^(>*) ?(.*)$/.exec(line) ?? [];
      const prefix = quote === '' ? '' : `${quote} `;
      const fixed = content === '-- ' ? [content] : pieces(content.trimEnd(), 70 - prefix.length);
      return fixed
        .map((piece, i) => {
          const soft = delsp && i < fixed.length - 1 ? `${piece} ` : piece;
          return prefix + (prefix === '' && /^(?:[ >]|From )/.test(soft) ? ` ${soft}` : soft);
        })
        .join('\n');
    })
    .join('\n');
