import type { Twilio } from 'twilio';
import type { RecordedOf } from '../items/recording.ts';
import type { Rest } from './client.ts';
import { unlessMissing } from './errors.ts';
import type { Roots } from './roots.ts';

const MOST_KNOWN = 10_000;

export type Recording = Awaited<ReturnType<Twilio['recordings']['list']>>[number];

/** The call or conference that a recording names; null when it names neither. */
export const recordedOf = ({
  callSid,
  conferenceSid,
}: Pick<Recording, 'callSid' | 'conferenceSid'>): RecordedOf | null => {
  if (callSid) return { call: callSid };
  return conferenceSid ? { conference: conferenceSid } : null;
};

/** Finds what a recording (by SID) was made of; remembers what lists said, and asks the API otherwise. */
export const makeOwners = (rest: Rest, roots: Roots) => {
  const known = new Map<string, RecordedOf | null>();

  const note = (recording: string, owner: RecordedOf | null): void => {
    if (known.size > MOST_KNOWN) known.clear();
    known.set(recording, owner);
  };

  /** Null when the recording names neither call nor conference, or is gone. */
  const of = async (recording: string): Promise<RecordedOf | null> => {
    const before = known.get(recording);
    if (before !== undefined) return before;
    const client = await rest.client();
    const found = await unlessMissing(client.recordings(recording).fetch());
    const owner = found ? recordedOf(found) : null;
    note(recording, owner);
    return owner;
  };

  /** The whole call instead of the leg that was recorded. */
  const wholeOf = async (owner: RecordedOf): Promise<RecordedOf> => {
    if ('conference' in owner) return owner;
    const { sid: call, isGone } = await roots.of(owner.call);
    return { call, isGone };
  };

  return { note, of, wholeOf };
};
export type Owners = ReturnType<typeof makeOwners>;
export type WholeOf = Owners['wholeOf'];
