import { z } from 'zod';
import type { DateOrder } from '../time.ts';
import type { Encoding } from './encoding.ts';

/** A header, a line of column types, and a `sep=` line before them. */
const MOST_LINES = 3;
/** More bytes than this aren't kept: no header is so long. */
const MOST_BYTES = 64 * 1024;

const besideSchema = z.object({
  /** the lines that aren't records (header, types), base64 */
  heading: z.array(z.string()),
  delimiter: z.string(),
  /** only where the file has a byte order mark */
  encoding: z.string().nullable(),
  /** the key of the record, when it has no id of its own */
  key: z.string(),
  after: z.number().nullable(),
  /** order of day and month in dates; earlier versions didn't keep it */
  order: z.enum(['dmy', 'mdy']).optional(),
});

/** What is kept with a quarantined line, since it can't be read without it: its file's header and form. */
export type Beside = z.output<typeof besideSchema>;

/** Checks a stored `beside`; null when it is none of these. */
export const readBeside = (given: unknown): Beside | null => besideSchema.safeParse(given).data ?? null;

const nameOf = ({ width, feedAt, mark }: Encoding): string | null => {
  if (width === 2) return feedAt === 0 ? 'utf-16le' : 'utf-16be';
  return mark > 0 ? 'utf-8' : null;
};

/**
 * Remembers a file's header lines: the last few distinct ones. `note` adds a line; `beside` gives what to keep with a line that can't be read, null when the
 * header is too long for that.
 */
export const makeHeading = (encoding: Encoding, delimiter: string, order: DateOrder) => {
  let lines: Buffer[] = [];
  return {
    note: (bytes: Uint8Array): void => {
      if (lines.some(line => line.equals(bytes))) return;
      lines = [...lines, Buffer.from(bytes)].slice(-MOST_LINES);
    },
    beside: (key: string, after: number | undefined): Beside | null => {
      if (lines.reduce((sum, { length }) => sum + length, 0) > MOST_BYTES) return null;
      const heading = lines.map(line => line.toString('base64'));
      return { heading, delimiter, encoding: nameOf(encoding), key, after: after ?? null, order };
    },
  };
};

export type Heading = ReturnType<typeof makeHeading>;
