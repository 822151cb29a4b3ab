import { z } from 'zod';
import { instantOf } from './instant.ts';

const LONGEST_ID = 500;
const TOO_LONG = `longer than ${LONGEST_ID} characters`;

/** What is written by people, or isn't there. */
export const words = z.string().nullish();

/** An id as providers give it, text or number; it may be empty. */
export const id = z.union([z.string().max(LONGEST_ID, TOO_LONG), z.number()]).transform(String);

/** One that must be there. */
export const anId = z.union([z.string().min(1).max(LONGEST_ID, TOO_LONG), z.number()]).transform(String);

/** A time in any of the ways of `instantOf`. */
export const instant = z.unknown().transform((value, context): Date => {
  const at = instantOf(value);
  if (at) return at;
  context.addIssue({ code: 'custom', message: 'expected a time' });
  return z.NEVER;
});

/** A time that only some messages need. `path`: where it stands. Throws ZodError when it is none. */
export const timeAt = (value: unknown, path: (string | number)[]): Date => {
  const at = instantOf(value);
  if (at) return at;
  throw new z.ZodError([{ code: 'custom', path, message: 'expected a time', input: value }]);
};
