import type { Twilio } from 'twilio';
import type { Rest } from './client.ts';
import { unlessMissing } from './errors.ts';

const MOST_KNOWN = 10_000;
/** Longest chain of transfers that is followed. */
const DEEPEST = 10;

export type Call = Awaited<ReturnType<Twilio['calls']['list']>>[number];

/** A whole call. `isGone`: Twilio no longer has it. */
interface Root {
  sid: string;
  isGone: boolean;
}

/** Finds the whole call that a leg belongs to, through all transfers. It remembers what lists said, and asks the API otherwise. */
export const makeRoots = (rest: Rest) => {
  /** SID of a call → SID of its parent; null when it has none */
  const parents = new Map<string, string | null>();
  /** calls that were fetched by SID since `take` was last called */
  let asked: Call[] = [];

  const note = (call: string, parent: string | null): void => {
    if (parents.size > MOST_KNOWN) parents.clear();
    parents.set(call, parent);
  };

  /** SID of the parent call; null when it has none, undefined when Twilio no longer has the call. */
  const parentOf = async (sid: string): Promise<string | null | undefined> => {
    const known = parents.get(sid);
    if (known !== undefined) return known;
    const client = await rest.client();
    const call = await unlessMissing(client.calls(sid).fetch());
    if (!call) return undefined;
    asked.push(call as Call);
    note(sid, call.parentCallSid || null);
    return call.parentCallSid || null;
  };

  const of = async (call: string): Promise<Root> => {
    let root = call;
    let parent = await parentOf(root);
    for (let depth = 1; parent && depth < DEEPEST; depth++) {
      root = parent;
      parent = await parentOf(root);
    }
    return { sid: root, isGone: parent === undefined };
  };

  /** Calls that were fetched by SID since the last time: they must be captured too, or what belongs to them would wait in vain. */
  const take = (): Call[] => {
    const taken = asked;
    asked = [];
    return taken;
  };

  return { note, of, take };
};
export type Roots = ReturnType<typeof makeRoots>;
