import { isDeepStrictEqual } from 'node:util';
import type { Captured, Direction, Participant } from '../../connectors/contract.ts';
import type { InteractionDoc, StoredParticipant } from '../../models/interactions.ts';
import { namedBy, storedParticipants } from './documents.ts';
import type { Facts, KnownInteraction } from './facts.ts';
import type { Plan } from './plan-types.ts';
import { maySayMore } from './revisable.ts';
import type { Revise } from './revise.ts';
import type { Origin, Prepared } from './types.ts';

/** A mail as all of its copies tell it together. */
export type Completed = Pick<InteractionDoc, 'account' | 'direction' | 'occurredAt' | 'participants' | 'threadKeys'>;

const keyOf = ({ role, identifier: { type, value } }: StoredParticipant): string =>
  JSON.stringify([role, type, value.toLowerCase()]);

const accountsOf = ({ accounts }: StoredParticipant, first: string): string[] => accounts ?? [first];

/** The participants `now`; each Bcc with the accounts whose copies name it: those known before (`was`), and the one whose copy this is (`here`). */
const named = (was: Completed, now: readonly StoredParticipant[], here: readonly StoredParticipant[]) => {
  const before = new Map(was.participants.map(one => [keyOf(one), one]));
  const added = new Map(here.map(one => [keyOf(one), one.accounts ?? []]));
  return now.map(one => {
    if (one.role !== 'bcc') return one;
    const earlier = before.get(keyOf(one));
    const all = [...(earlier ? accountsOf(earlier, was.account) : []), ...(added.get(keyOf(one)) ?? [])];
    return { ...one, accounts: [...new Set(all)] };
  });
};

interface Completing {
  plan: Plan;
  facts: Facts;
  origin: Origin;
  revise: Revise;
}

/**
 * A further copy of a mail may complete it: it may name a Bcc, or show that we sent the mail. In whatever order the copies come, the interaction and its
 * entries end up saying what all of them say. No contact loses its entry by that, except when an inbound mail turns out to be one that we sent: it is then no
 * longer its sender's, but its recipients'.
 */
export const makeComplete = ({ plan, facts, origin: { account, connector }, revise }: Completing) => {
  const asFirst = (id: string): Completed | undefined => {
    const item = facts.revisable.get(id)?.item;
    return item && { ...item, direction: item.direction ?? '', threadKeys: [] };
  };

  const keep = (id: string, fresh: Completed | undefined, said: Completed): void => {
    if (fresh) Object.assign(fresh, said);
    else plan.completed.set(id, said);
  };

  /** Rewrites its entries: they follow from whom the completed mail belongs to. */
  const tell = (prepared: Prepared, item: Captured, { occurredAt }: Completed): void => {
    const before = asFirst(prepared.id)?.direction;
    const turns = before === 'inbound' && item.direction !== 'inbound';
    revise({ ...prepared, item: { ...item, occurredAt } }, { keeps: !turns });
  };

  return (prepared: Prepared, before: KnownInteraction): void => {
    const { id, item, threadKeys } = prepared;
    if (!connector.complete || !maySayMore(prepared, before)) return;
    const fresh = plan.interactions.find(({ _id }) => _id === id);
    const was: Completed | undefined = fresh ?? plan.completed.get(id) ?? asFirst(id);
    if (!was) return;
    const known = { direction: was.direction as Direction, participants: was.participants as Participant[] };
    const more = connector.complete(known, item, account.ours);
    const here = namedBy(account.id, storedParticipants(item));
    const participants = named(was, more ? storedParticipants(more) : was.participants, here);
    if (!more && isDeepStrictEqual(participants, was.participants)) return;
    const direction = more?.direction ?? was.direction;
    const keys = [...new Set([...was.threadKeys, ...threadKeys.strong, ...threadKeys.lastResort])];
    before.direction = direction;
    keep(id, fresh, { ...was, direction, participants, threadKeys: keys });
    if (more) tell(prepared, more, was);
  };
};
