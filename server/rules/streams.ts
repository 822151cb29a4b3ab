/**
 * Streams of an account that are the core's own: what was pushed, said live, replayed or handed in as files. They count what they
 * captured, but are no folder of the source.
 */
export const INBOX = 'inbox';
/** Beside the inbox's own: a transaction that moves that one would conflict with every repetition. */
export const REPEATED = 'inbox/repeated';
/** no folder is called so: a name ends with no delimiter */
export const REPLAY = 'replay/';
/** what all imports captured that have ended */
export const IMPORTED = 'import/';

export const liveStream = (n: number): string => `live/${n}`;

/** One file of an import that is under way. */
export const importStream = (id: string, file: number): string => `${IMPORTED}${id}/${file}`;

const IMPORT_STREAM = /^import\/[0-9a-f]{24}\/\d+$/;

export const isOurStream = (stream: string): boolean =>
  [INBOX, REPEATED, REPLAY, IMPORTED].includes(stream) || stream.startsWith('live/') || IMPORT_STREAM.test(stream);
