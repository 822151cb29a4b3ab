const HEAD = 64 * 1024;
const ROWS = 5;
const DELIMITERS = [',', ';', '\t', '|'];

/** The first lines of a file. */
export interface Sample {
  name: string;
  header: string[];
  rows: string[][];
}

const decode = (bytes: ArrayBuffer): string => {
  const head = new Uint8Array(bytes);
  if (head[0] === 0xff && head[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (head[0] === 0xfe && head[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
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

/** Header and first lines of a CSV file, as the hub would read them. Throws what is no CSV. */
export const sampleOf = async (file: File): Promise<Sample> => {
  const { parse } = await import('csv-parse/browser/esm/sync');
  const text = decode(await file.slice(0, HEAD).arrayBuffer()).replace(/^\uFEFF?(?:"?sep=.*\r?\n)?/i, '');
  const delimiter = delimiterOf(text.slice(0, text.search(/\r?\n|$/)));
  const options = { delimiter, relax_column_count: true, trim: delimiter !== '\t', to: ROWS + 1 };
  const [header = [], ...rows] = parse(text, { ...options, skip_empty_lines: true }) as string[][];
  return { name: file.name, header, rows };
};
