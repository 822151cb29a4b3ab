/** Rank of each state, higher for later ones: a callback that arrives late doesn't set the state back. */
const MESSAGE: Record<string, number> = {
  scheduled: 1,
  accepted: 2,
  queued: 3,
  receiving: 4,
  sending: 4,
  received: 5,
  sent: 5,
  delivered: 6,
  partially_delivered: 6,
  read: 7,
  // nothing follows these
  canceled: 8,
  undelivered: 8,
  failed: 8,
};

const CALL: Record<string, number> = {
  queued: 1,
  initiated: 2,
  ringing: 3,
  answered: 4,
  'in-progress': 4,
  // nothing follows these
  busy: 6,
  'no-answer': 6,
  canceled: 6,
  failed: 6,
  completed: 6,
};
const LAST = 6;

const RECORDING: Record<string, number> = {
  'in-progress': 1,
  paused: 1,
  stopped: 2,
  processing: 2,
  // nothing follows these
  completed: 3,
  absent: 3,
  failed: 3,
};

/** Rank of a message's state; 0 when it isn't known. */
export const messageRank = (state: string): number => MESSAGE[state] ?? 0;
/** Rank of a recording's state; 0 when it isn't known. */
export const recordingRank = (state: string): number => RECORDING[state] ?? 0;
/** Rank of a call's state; 0 when it isn't known. */
export const callRank = (state: string): number => CALL[state] ?? 0;

/** Whether a call in this state is over. */
export const isOver = (state: string): boolean => callRank(state) === LAST;

/** Whether a call in this state was answered; undefined while it isn't known. */
export const wasAnswered = (state: string): boolean | undefined => {
  if (callRank(state) === 4 || state === 'completed') return true;
  return isOver(state) ? false : undefined;
};
