import { FieldErrors } from './errors.ts';

/** The place after an item in a list, opaque to whoever hands it back. */
export const toCursor = (...place: (string | number | null)[]): string =>
  Buffer.from(JSON.stringify(place)).toString('base64url');

/** Reads a cursor that `toCursor` made for a list sorted by `types`; anything else is the caller's fault. */
export const fromCursor = (
  cursor: string,
  ...types: ('string' | 'number' | 'null')[][]
): (string | number | null)[] => {
  const fault = new FieldErrors([{ pointer: '/before', detail: 'not a place in this list' }]);
  let place: unknown;
  try {
    place = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    throw fault;
  }
  if (!Array.isArray(place) || place.length !== types.length) throw fault;
  const fits = place.every((value, i) => types[i]?.includes((value === null ? 'null' : typeof value) as 'null'));
  if (!fits) throw fault;
  return place;
};
