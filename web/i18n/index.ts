import { en, type Words } from './en.ts';

/** The words of the page in the agent's language. */
export const t: Words = en;
