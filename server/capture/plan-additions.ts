import type { InteractionDoc } from '../../models/interactions.ts';
import type { TimelineDoc } from '../../models/timeline.ts';
import { quarantineId } from '../rules/keys.ts';
import { entryOfEvent, eventOf, grownEntry, revisionOf } from './documents.ts';
import type { Facts, KnownEvent } from './facts.ts';
import { type Growth, grow, isMoved } from './growth.ts';
import { type KnownMessages, placed, recognise } from './known-messages.ts';
import type { People } from './people.ts';
import type { AddEntries } from './plan-entries.ts';
import type { Plan } from './plan-types.ts';
import { isOther, mayRevise } from './revisable.ts';
import type { Origin, Outcome, Prepared, PreparedFailure } from './types.ts';
import { makeWiden } from './widen.ts';

/** An item waits this long for what it belongs to. */
const LONGEST_WAIT = 7 * 24 * 3600_000;

interface Planning {
  plan: Plan;
  facts: Facts;
  origin: Origin;
  now: Date;
  people: People;
  addEntries: AddEntries;
  /** tells the entries of a revised item anew */
  revise(prepared: Prepared): void;
}

/** The events of a register: each is on its contact's timeline by itself, and has revisions as an interaction has. */
export const makeAddEvent = ({ plan, facts, origin, now, addEntries, revise }: Planning) => {
  const events = new Map<string, KnownEvent>(facts.events);
  return (prepared: Prepared): Outcome => {
    const before = events.get(prepared.id);
    if (!before) {
      const event = eventOf(origin, prepared, now);
      plan.events.push(event);
      events.set(event._id, { ...event });
      addEntries(entryOfEvent(event, prepared.item), prepared);
      return 'stored';
    }
    if (!mayRevise(prepared) || !isOther(prepared, before)) return 'duplicate';
    before.revisions = [...before.revisions, revisionOf(prepared, now)];
    plan.revisedEvents.push({ id: prepared.id, prepared });
    revise(prepared);
    return 'revised';
  };
};

/** The interaction that an item makes, being the first one of it that came. What it adds itself is added as with every other. */
const asInteraction = (prepared: Prepared): Prepared => {
  const { item, target, original, threadKeys } = prepared;
  const { belongsTo = item.sourceKey, belongsToExternalId = '' } = item;
  const { text, ...rest } = item;
  const isMessage = item.kind === 'message';
  // what a chat's entries say is added with its messages: a note is none of it
  const said = text === undefined || isMessage ? {} : { text };
  const made = { ...rest, ...said, sourceKey: belongsTo, externalId: belongsToExternalId };
  const evidence = original && !isMessage ? { original } : {};
  return { id: target, target, item: made, threadKeys, parts: [], content: { _id: target }, ...evidence };
};

/** What belongs to another interaction: added to it, made an interaction of, or kept waiting. */
export const makeAdditions = (
  planning: Planning,
  {
    addNew,
    addFailure,
    closeRows,
  }: {
    addNew(prepared: Prepared): InteractionDoc;
    addFailure(failure: PreparedFailure): Outcome;
    /** of quarantine: what they stand for is here now */
    closeRows(prepared: Prepared): void;
  },
) => {
  const { plan, facts, origin, now } = planning;
  const growing = new Map<string, Growth>();
  const targets = new Map<string, InteractionDoc>(facts.targets);
  const messages: KnownMessages = new Map(facts.messages);
  const widen = makeWiden(planning);

  const places = new Map<string, number>();
  /** Where an interaction of this batch is in the plan, which only grows until all are there; -1: it isn't new. */
  const placeOf = (id: string): number => {
    for (let at = places.size; at < plan.interactions.length; at++) places.set(plan.interactions[at]?._id ?? '', at);
    return places.get(id) ?? -1;
  };

  const growthOf = (prepared: Prepared): Growth | null => {
    const { target, item } = prepared;
    const under = growing.get(target);
    if (under) return under;
    const there = plan.interactions[placeOf(target)] ?? targets.get(target);
    const interaction = there ?? (item.orElse === 'create' ? addNew(asInteraction(prepared)) : undefined);
    if (!interaction) return null;
    const growth: Growth = { interaction, was: interaction, made: !there, messages: [], completed: [], left: [] };
    growing.set(target, growth);
    return growth;
  };

  const giveUp = ({ item, evidence }: Prepared): Outcome =>
    addFailure({
      id: quarantineId(origin.account.id, item.sourceKey),
      failed: {
        locator: item.sourceKey,
        reason: 'What it belongs to did not come within seven days.',
        size: evidence?.size ?? 0,
        ...(item.beside ? { beside: item.beside } : {}),
      },
      ...(evidence ? { original: evidence } : {}),
    });

  const add = (prepared: Prepared): Outcome => {
    // what is there already makes no interaction, also when it comes as part of another one now
    const as = prepared.item.kind === 'message' ? recognise(prepared, messages) : null;
    if (as?.was === 'all') {
      const more = placed(prepared, as.message, messages);
      if (more) plan.completedMessages.push(more);
      closeRows(prepared);
      return 'duplicate';
    }
    const growth = growthOf(prepared);
    if (growth) {
      const { fold, live } = origin.connector;
      const before = growth.interaction;
      const outcome = grow(growth, prepared, { as, fold, known: messages, live: live !== undefined, now });
      if (growth.interaction !== before) widen(growth, before, prepared);
      closeRows(prepared);
      return outcome;
    }
    const since = prepared.from?.arrivedAt ?? now;
    if (now.getTime() - since.getTime() > LONGEST_WAIT) return giveUp(prepared);
    plan.waiting.push(prepared);
    return 'waiting';
  };

  /** Interactions of this batch are written as they are by now; those that were there are changed. */
  const settle = (): void => {
    const entries = new Map<string | null, TimelineDoc[]>();
    for (const entry of plan.entries) {
      const under = entries.get(entry.interaction);
      if (under) under.push(entry);
      else entries.set(entry.interaction, [entry]);
    }
    for (const growth of growing.values()) {
      const { interaction, preview } = growth;
      plan.messages.push(...growth.messages);
      plan.completedMessages.push(...growth.completed);
      if (isMoved(growth)) plan.moved.push(growth);
      const at = placeOf(interaction._id);
      if (at >= 0) plan.interactions[at] = interaction;
      else if (interaction !== targets.get(interaction._id)) plan.grown.push(growth);
      const says = preview ?? facts.entries.get(interaction._id)?.[0]?.preview;
      for (const entry of entries.get(interaction._id) ?? [])
        Object.assign(entry, { ...grownEntry(interaction), ...(says === undefined ? {} : { preview: says }) });
    }
  };

  /** What is added to an interaction that this batch revises is added to what it is now. */
  const revised = (id: string, changes: Partial<InteractionDoc>): void => {
    const target = targets.get(id);
    if (target) targets.set(id, { ...target, ...changes });
    const growth = growing.get(id);
    if (growth) growth.interaction = { ...growth.interaction, ...changes };
  };

  return { add, settle, revised };
};
