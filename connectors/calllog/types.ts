/** One record of a call log: one leg of a call. What the switch doesn't say isn't there. */
export interface Cdr {
  /** the switch's unique id of the leg */
  id?: string;
  /** which of several legs under one id */
  leg?: string;
  /** the log doesn't say which leg it is: `leg` is made of what it says, and other lines of the call may say the same */
  isLegDerived?: true;
  /** what joins legs to a call */
  call?: string;
  startedAt: Date;
  answeredAt?: Date;
  endedAt?: Date;
  /** as the switch has them; of several the first that is a public number counts */
  from: readonly string[];
  to: readonly string[];
  /** who of us took the call, where a queue or another telephone was called */
  takenBy?: { number: string; name?: string };
  fromName?: string;
  toName?: string;
  /** only where a column says so */
  direction?: 'inbound' | 'outbound' | 'internal';
  /** the switch called its other side; where numbers don't tell who of the two is outside, that one is */
  isPlaced?: boolean;
  /** the switch called `to` by itself (click-to-dial), and then these for them */
  called?: readonly string[];
  durationSeconds?: number;
  talkSeconds?: number;
  answered?: boolean;
  /** the switch's word for how it ended */
  state?: string;
  /** names of recordings, with or without a path */
  recordings?: readonly string[];
}

/** A record that can't be read; the message says why, in words and without what it holds. */
export class BadRecord extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'BadRecord';
  }
}
