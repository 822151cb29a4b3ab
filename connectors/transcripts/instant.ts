/** Numbers from here on are milliseconds. */
const MILLISECONDS = 1e11;

const valid = (date: Date): Date | null => (Number.isNaN(date.getTime()) ? null : date);

/** A time as chat tools write it: Unix seconds (also with a fraction or as text), Unix milliseconds, or ISO 8601. Null when it is none. */
export const instantOf = (value: unknown): Date | null => {
  const number = typeof value === 'string' && /^\d+(\.\d+)?$/.test(value) ? Number(value) : value;
  if (typeof number === 'number') return valid(new Date(number < MILLISECONDS ? number * 1000 : number));
  if (typeof value !== 'string') return null;
  // Ruby's to_s: '2026-11-20 08:05:57 UTC'
  return valid(new Date(value.replace(/^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?) UTC$/, '$1T$2Z')));
};
