import { digitsOf, isWritten } from './numbers.ts';

/** JSON with its keys in order and no spaces: the same content is the same text, however it was written. `value` is from parseNumbers. */
export const canonical = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (isWritten(value)) return digitsOf(value);
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([key, field]) => `${JSON.stringify(key)}:${canonical(field)}`).join(',')}}`;
};

/** What MongoDB's driver knows its own types by: an object with such a name is taken for one of them, and can't be written. */
const DRIVERS_OWN = '_bsontype';

/** Why a value can't be kept as data, or null: nesting and names have bounds in a database. */
export const whyNotKept = (value: unknown, levels: number): string | null => {
  if (typeof value !== 'object' || value === null || isWritten(value)) return null;
  if (levels === 0) return 'nested too deeply';
  for (const [key, field] of Object.entries(value)) {
    if (key.includes('\0')) return 'a name has a NUL character';
    if (key === DRIVERS_OWN) return `a name is ${DRIVERS_OWN}, which a database can not keep`;
    const why = whyNotKept(field, levels - 1);
    if (why) return why;
  }
  return null;
};
