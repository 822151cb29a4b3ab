import { digitsOf, isWritten } from './numbers.ts';

/** Canonical JSON: keys sorted, no whitespace, so that equal content gives equal text. `value` is from parseNumbers. */
export const canonical = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (isWritten(value)) return digitsOf(value);
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([key, field]) => `${JSON.stringify(key)}:${canonical(field)}`).join(',')}}`;
};

/** The name by which MongoDB's driver recognises its own types. It takes an object with such a field for one of them and fails to write it. */
const DRIVERS_OWN = '_bsontype';

/** In words, why MongoDB can't store a value, or null when it can. `levels`: how deeply it may be nested. */
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
