/**
 * Streams of an account that belong to the core: what was pushed, said live, replayed or imported. They count what they captured, but are no folders of the
 * source.
 */
export const INBOX = 'inbox';
/** Counts of repeated items. Apart from the inbox's stream, since its transactions would conflict with each repetition. */
export const REPEATED = 'inbox/repeated';
/** no folder has such a name, since names don't end with a delimiter */
export const REPLAY = 'replay/';
/** counts of all imports that have ended */
export const IMPORTED = 'import/';

/** The live stream of the n-th hub. */
export const liveStream = (n: number): string => `live/${n}`;

/** The stream of one file of a running import. */
export const importStream = (id: string, file: number): string => `${IMPORTED}${id}/${file}`;

const IMPORT_STREAM = /^import\/[0-9a-f]{24}\/\d+$/;

/** Whether a stream belongs to the core. */
export const isOurStream = (stream: string): boolean =>
  [INBOX, REPEATED, REPLAY, IMPORTED].includes(stream) || stream.startsWith('live/') || IMPORT_STREAM.test(stream);
