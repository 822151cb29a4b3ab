import type { Rest } from './client.ts';
import { isMissing } from './errors.ts';

const MOST_KNOWN = 10_000;
/** A leg of a leg of a leg … */
const DEEPEST = 10;

/** Which call a leg belongs to, over all that it was put through. */
export const makeRoots = (rest: Rest) => {
  /** call → the one that it is a leg of; null: of none */
  const parents = new Map<string, string | null>();

  const note = (call: string, parent: string | null): void => {
    if (parents.size > MOST_KNOWN) parents.clear();
    parents.set(call, parent);
  };

  const parentOf = async (call: string): Promise<string | null> => {
    const known = parents.get(call);
    if (known !== undefined) return known;
    const client = await rest.client();
    const parent = await client
      .calls(call)
      .fetch()
      .then(
        ({ parentCallSid }) => parentCallSid || null,
        error => {
          if (isMissing(error)) return null;
          throw error;
        },
      );
    note(call, parent);
    return parent;
  };

  /** The whole call's SID: its own, when it is no leg or Twilio doesn't know it any more. */
  const of = async (call: string): Promise<string> => {
    let root = call;
    for (let depth = 0; depth < DEEPEST; depth++) {
      const parent = await parentOf(root);
      if (!parent) return root;
      root = parent;
    }
    return root;
  };

  return { note, of };
};
export type Roots = ReturnType<typeof makeRoots>;
