/**
 * Joins the lines of format=flowed text (RFC 3676): a line that ends in a space continues in the next line of the same quote depth. A blank line always ends
 * the paragraph, also after such a space, since people type spaces at line ends. `delSp`: the DelSp parameter.
 */
export const unflow = (text: string, delSp: boolean): string => {
  const paragraphs: string[] = [];
  let pieces: string[] = [];
  let depth = -1;
  let goesOn = false;
  for (const line of text.split('\n')) {
    const quotes = (/^>*/.exec(line) as RegExpExecArray)[0];
    // 4.4: a space is put before what would begin with a space, `>` or `From `
    const content = line.slice(quotes.length).replace(/^ /, '');
    const isFixed = content === '-- ' || content.trim() === '';
    if (!goesOn || isFixed || quotes.length !== depth) {
      if (depth >= 0) paragraphs.push(pieces.join(''));
      pieces = quotes ? [line.slice(0, line.length - content.length)] : [];
      depth = quotes.length;
    }
    goesOn = !isFixed && content.endsWith(' ');
    pieces.push(goesOn && delSp ? content.slice(0, -1) : content);
  }
  return [...paragraphs, pieces.join('')].join('\n');
};
