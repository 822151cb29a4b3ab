import type { Message } from '../api/types.ts';

/** The order of a chat: by its messages' own time, and of one moment in the order they came. */
export const byTime = (a: Message, b: Message): number => Date.parse(a.at) - Date.parse(b.at) || a.seq - b.seq;
