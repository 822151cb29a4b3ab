/** A record of a call log (CDR): one leg of a call. Fields that the switch doesn't give are missing. */
export interface Cdr {
  /** the switch's unique id of the leg */
  id?: string;
  /** tells apart several legs with one id */
  leg?: string;
  /** the log has no leg id: `leg` is a hash of other fields, and another line of the call may have the same */
  isLegDerived?: true;
  /** id that all legs of a call have */
  call?: string;
  startedAt: Date;
  answeredAt?: Date;
  endedAt?: Date;
  /** numbers as the switch writes them; of several the first public one counts */
  from: readonly string[];
  to: readonly string[];
  /** the agent who took the call, where a queue or another telephone was called */
  takenBy?: { number: string; name?: string };
  fromName?: string;
  toName?: string;
  /** only where the log has a column for it */
  direction?: 'inbound' | 'outbound' | 'internal';
  /** the switch placed this leg; where the numbers don't show who is outside, the called is */
  isPlaced?: boolean;
  /** of click-to-dial: the switch called `to` first, and then these numbers for them */
  called?: readonly string[];
  durationSeconds?: number;
  talkSeconds?: number;
  answered?: boolean;
  /** how the call ended, in the switch's words */
  state?: string;
  /** names of recordings, with or without a path */
  recordings?: readonly string[];
}

/** A record that can't be read. The message says why, without personal data. */
export class BadRecord extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'BadRecord';
  }
}
