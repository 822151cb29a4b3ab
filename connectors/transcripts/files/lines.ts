/** A line longer than this many characters comes in pieces. */
const LONGEST = 2 ** 20;

/** Lines of UTF-8 text without their line ends; a byte order mark at the beginning is left out. The text after the last line end is one too. */
export async function* linesIn(source: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8');
  let rest = '';
  for await (const chunk of source) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
    if (rest.length < LONGEST) continue;
    yield rest;
    rest = '';
  }
  rest += decoder.decode();
  if (rest !== '') yield rest;
}
