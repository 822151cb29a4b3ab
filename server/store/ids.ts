import { randomBytes } from 'node:crypto';

/** A new record's: it grows with time, so that rows come in at one end of an index, and nobody guesses the rest. */
export const newId = (): string => Date.now().toString(16).padStart(12, '0') + randomBytes(6).toString('hex');
