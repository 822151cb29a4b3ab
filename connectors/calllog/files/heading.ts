import { z } from 'zod';
import type { DateOrder } from '../time.ts';
import type { Encoding } from './encoding.ts';

/** A line of names, one of types, and a spreadsheet's line before them. */
const MOST_LINES = 3;
/** Names of columns in more bytes than this are none. */
const MOST_BYTES = 64 * 1024;

const besideSchema = z.object({
  /** the lines that no call is in, base64 */
  heading: z.array(z.string()),
  delimiter: z.string(),
  /** only where the file itself says it, by its byte order mark */
  encoding: z.string().nullable(),
  /** what the line is called by, where it has no id of its own */
  key: z.string(),
  after: z.number().nullable(),
  /** of its dates; an earlier hub kept none */
  order: z.enum(['dmy', 'mdy']).optional(),
});

/** What of its file a line can't be read without. */
export type Beside = z.output<typeof besideSchema>;

/** Null when nothing of the kind was kept with it. */
export const readBeside = (given: unknown): Beside | null => besideSchema.safeParse(given).data ?? null;

const nameOf = ({ width, feedAt, mark }: Encoding): string | null => {
  if (width === 2) return feedAt === 0 ? 'utf-16le' : 'utf-16be';
  return mark > 0 ? 'utf-8' : null;
};

/** Remembers the lines of a file that say how the others are read: the first of each, and the newest where more come. */
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
