import { randomBytes } from 'node:crypto';

/** A new record's: it grows with time (`at`: the record's own, in ms since 1970), so that rows come in at one end of an index, and nobody guesses the rest. */
export const newId = (at = Date.now()): string => at.toString(16).padStart(12, '0') + randomBytes(6).toString('hex');
