const HEAD = 64 * 1024;
const ROWS = 5;
/** Among these are enough that can be read, where some can't. */
const MOST_LINES = 50;
const DELIMITERS = [',', ';', '\t', '|'];

/** The first lines of a file. */
export interface Sample {
  name: string;
  header: string[];
  rows: string[][];
}

const decoderFor = (encoding: string): TextDecoder | null => {
  try {
    return encoding.trim() === '' ? null : new TextDecoder(encoding.trim());
  } catch {
    return null; // one that the hub knows and the browser doesn't
  }
};

/** By its byte order mark, else what the account says, else found out. */
const decode = (bytes: ArrayBuffer, encoding: string): string => {
  const head = new Uint8Array(bytes);
  if (head[0] === 0xff && head[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (head[0] === 0xfe && head[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  const said = decoderFor(encoding);
  if (said && said.encoding !== 'utf-8') return said.decode(bytes, { stream: true });
  try {
    // the end may be half of a character
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
};

const delimiterOf = (line: string): string => {
  const bare = line.replace(/"[^"]*"/g, '');
  const count = (mark: string) => bare.split(mark).length;
  return DELIMITERS.reduce((best, mark) => (count(mark) > count(best) ? mark : best), ',');
};

/** Cells of a line that something is in; a title fills few of them. */
const filled = (line: string, delimiter: string): number =>
  line.split(delimiter).filter(cell => cell.trim() !== '').length;

/** A line of names fills about as much as any: a title above it less than this share. */
const MOST_OF = 0.75;

const headerAt = (lines: readonly string[], told: string | undefined): number => {
  const widths = lines.slice(0, MOST_LINES).map(line => filled(line, told ?? delimiterOf(line)));
  const enough = MOST_OF * Math.max(0, ...widths);
  return Math.max(
    0,
    widths.findIndex(width => width >= enough),
  );
};

/** Header and first lines of a CSV file, as the hub would read them; a line that is none is left out, as it would go to quarantine. Throws what is no CSV. */
export const sampleOf = async (file: File, encoding = ''): Promise<Sample> => {
  const { parse } = await import('csv-parse/browser/esm/sync');
  const whole = decode(await file.slice(0, HEAD).arrayBuffer(), encoding).replace(/^\uFEFF/, '');
  const [line = '', told] = /^"?sep=(.)"?(?:\r?\n|\r|$)/i.exec(whole) ?? [];
  const all = whole
    .slice(line.length)
    .split(whole.includes('\n') ? /\r?\n/ : '\r')
    .filter(each => each.trim() !== '');
  const lines = all.slice(headerAt(all, told));
  const text = lines.join('\n');
  const delimiter = told ?? delimiterOf(lines[0] ?? '');
  const trim = delimiter !== '\t';
  const options = { delimiter, relax_column_count: true, trim, skip_empty_lines: true };
  // a cell may have quotes of its own that are neither doubled nor around it
  const loose = { ...options, trim: false, ltrim: trim, relax_quotes: true };
  const read = (some: string, how: object = options): string[][] | null => {
    try {
      return parse(some, { ...how, to: ROWS + 1 }) as string[][];
    } catch {
      return null;
    }
  };
  const readLine = (each: string): string[][] =>
    read(each) ?? (each.split('"').length % 2 === 0 ? null : read(each, loose)) ?? [];
  const readAll = (): string[][] => read(text) ?? lines.slice(0, MOST_LINES).flatMap(readLine);
  const [header, ...rows] = readAll();
  if (!header) throw new Error('It is no CSV.');
  return { name: file.name, header, rows: rows.slice(0, ROWS) };
};
