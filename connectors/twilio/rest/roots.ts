import type { Twilio } from 'twilio';
import type { Rest } from './client.ts';
import { unlessMissing } from './errors.ts';

const MOST_KNOWN = 10_000;
/** A leg of a leg of a leg … */
const DEEPEST = 10;

export type Call = Awaited<ReturnType<Twilio['calls']['list']>>[number];

/** A whole call. `isGone`: Twilio doesn't know it any more. */
interface Root {
  sid: string;
  isGone: boolean;
}

/** Which call a leg belongs to, over all that it was put through. */
export const makeRoots = (rest: Rest) => {
  /** call → the one that it is a leg of; null: of none */
  const parents = new Map<string, string | null>();
  /** calls that no list brought */
  let asked: Call[] = [];

  const note = (call: string, parent: string | null): void => {
    if (parents.size > MOST_KNOWN) parents.clear();
    parents.set(call, parent);
  };

  /** Undefined: Twilio doesn't know the call. */
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

  /** Calls that it had to ask for since this was called last: what belongs to one mustn't wait for it in vain. */
  const take = (): Call[] => {
    const taken = asked;
    asked = [];
    return taken;
  };

  return { note, of, take };
};
export type Roots = ReturnType<typeof makeRoots>;
