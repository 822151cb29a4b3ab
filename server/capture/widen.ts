import type { Captured } from '../../connectors/contract.ts';
import type { InteractionDoc } from '../../models/interactions.ts';
import type { TimelineDoc } from '../../models/timeline.ts';
import { entryId } from '../rules/keys.ts';
import { entryOfInteraction, storedParticipants } from './documents.ts';
import type { Facts, KnownEntry } from './facts.ts';
import type { Growth } from './growth.ts';
import { identifierText, identifierTexts, without } from './participants.ts';
import type { People } from './people.ts';
import type { AddEntries } from './plan-entries.ts';
import type { Plan } from './plan-types.ts';
import { contactsOf } from './revisable.ts';
import type { Prepared } from './types.ts';

type WithParticipants = Pick<InteractionDoc, 'participants'>;
type Bringing = Pick<Captured, 'kind' | 'participants' | 'parties'>;

/** Who is new by a further leg of a call: everybody who takes part in it in a role that they hadn't in the call. */
const newOnLeg = ({ participants }: WithParticipants, { participants: brought }: Bringing): number[] => {
  const fresh = new Set(without(brought, participants));
  return brought.flatMap((one, index) => (fresh.has(one) ? [index] : []));
};

/** Who is new by a message of a chat: whom it belongs to and who isn't in the chat by any identifier, in whatever role. */
const newInChat = ({ participants }: WithParticipants, { participants: brought, parties = [] }: Bringing): number[] => {
  const known = new Set(participants.flatMap(identifierTexts));
  return parties.filter(index => brought[index] !== undefined && !known.has(identifierText(brought[index].identifier)));
};

/** Indexes of the participants whom an item brings to the interaction that it is part of. */
export const broughtBy = (interaction: WithParticipants, item: Bringing): number[] => {
  if (item.kind === 'interaction') return newOnLeg(interaction, item);
  return item.kind === 'message' ? newInChat(interaction, item) : [];
};

/** The interaction with those of its participants added who are new by the item (`brought`, indexes). */
const joinedBy = (interaction: InteractionDoc, { item }: Prepared, brought: readonly number[]): InteractionDoc => {
  const { participants } = interaction;
  const bringing = storedParticipants(item).filter((_, index) => brought.includes(index));
  const added = without(bringing, participants);
  return added.length === 0 ? interaction : { ...interaction, participants: [...participants, ...added] };
};

/** False for a leg that can't open a call and goes the other way: it put the call through to a colleague, who isn't a contact. */
const goesAlong = ({ direction }: InteractionDoc, { item }: Prepared): boolean =>
  item.kind === 'message' || item.orElse === 'create' || item.direction === direction;

interface Widening {
  plan: Plan;
  facts: Facts;
  people: People;
  addEntries: AddEntries;
}

/**
 * Adds the participants of a further leg to its call, or of a message to its chat, and gives the contacts whom that leg or message belongs to an entry, unless
 * somebody took the call or chat off their timeline by hand.
 */
export const makeWiden = ({ plan, facts, people, addEntries }: Widening) => {
  const cameBy = (interaction: string): TimelineDoc[] => plan.entries.filter(one => one.interaction === interaction);

  /** Somebody belongs to it now. */
  const takeFromUnlinked = (interaction: string, known: readonly KnownEntry[]): void => {
    const id = entryId(interaction, null);
    const at = plan.entries.findIndex(({ _id }) => _id === id);
    if (at >= 0) plan.entries.splice(at, 1);
    else if (known.some(({ _id }) => _id === id)) plan.goneEntries.push(id);
  };

  return (growth: Growth, before: InteractionDoc, prepared: Prepared): void => {
    const { parties = [] } = prepared.item;
    const brought = broughtBy(before, prepared.item);
    if (brought.length === 0) return;
    growth.interaction = joinedBy(growth.interaction, prepared, brought);
    const whose = goesAlong(growth.interaction, prepared) ? parties.filter(index => brought.includes(index)) : [];
    if (whose.length === 0) return;
    const item = { ...prepared.item, parties: whose, others: [] };
    const { _id } = growth.interaction;
    const known = facts.entries.get(_id) ?? [];
    const takenOff = [...new Set(known.flatMap(one => one.takenOff ?? []))];
    const isDecided = new Set(contactsOf([...known, ...cameBy(_id)]).map(people.knownId));
    const count = addEntries(
      entryOfInteraction(growth.interaction),
      { ...prepared, item },
      { unless: contact => isDecided.has(contact) },
    );
    if (count === 0) return;
    takeFromUnlinked(_id, known);
    if (takenOff.length > 0) for (const entry of cameBy(_id)) entry.takenOff = takenOff;
  };
};
