import type { InteractionDoc } from '../../models/interactions.ts';
import { locatorOf } from '../rules/keys.ts';
import { quarantineTag } from '../rules/retention.ts';
import { makeThreading } from '../rules/threading.ts';
import { isNewer, lastOf } from '../timeline/last-entry.ts';
import { makeComplete } from './complete.ts';
import { entryOfInteraction, interactionOf, revisedFields, sightingOf } from './documents.ts';
import { type Facts, type KnownInteraction, rowsBefore } from './facts.ts';
import { makePeople } from './people.ts';
import { makeAddEvent, makeAdditions } from './plan-additions.ts';
import { makeEntries } from './plan-entries.ts';
import { emptyPlan, type Plan } from './plan-types.ts';
import { isOther, mayRevise } from './revisable.ts';
import { makeRevise } from './revise.ts';
import { suggestionsOf } from './suggest.ts';
import type { CaptureDeps, Committed, Origin, Outcome, Prepared, PreparedBatch, PreparedFailure } from './types.ts';

type Rules = Pick<CaptureDeps, 'policies' | 'zone' | 'country'>;

/** What waits is counted by the stream that brought it: when it is pulled, or once it leaves the inbox. */
const countsOf = ({ outcomes }: Plan, { items, failures }: PreparedBatch): Committed['counts'] => {
  const came = [...items, ...failures];
  const counts = { stored: 0, duplicate: 0, quarantined: 0 };
  for (const [index, { outcome }] of outcomes.entries()) {
    const from = came[index]?.from;
    if (from?.counted || (from && outcome === 'waiting')) continue;
    counts[outcome === 'revised' || outcome === 'waiting' ? 'stored' : outcome]++;
  }
  return counts;
};

/** Whether there is a content to be stored; a call has none. */
const saysAnything = ({ text, html, headers }: Prepared['content']): boolean => Boolean(text || html || headers);

/** A new interaction as what comes again of it later in the batch finds it; a copy, since that is changed then. */
const knownOf = ({ _id, accounts, direction, original, revisions }: InteractionDoc): KnownInteraction => ({
  _id,
  accounts,
  direction,
  revisions,
  ...(original ? { original } : {}),
});

/** Contacts whose newest entry comes with this batch, and that entry. */
const lastEntriesOf = ({ people: { created, touched }, entries }: Plan): Plan['lastEntries'] => {
  const known = new Map([...created, ...touched].map(({ _id, lastEntry }) => [_id, lastEntry]));
  const last: Plan['lastEntries'] = new Map();
  for (const entry of entries) {
    const { contact } = entry;
    if (contact === null) continue;
    const one = lastOf(entry);
    if (isNewer(one, last.get(contact) ?? known.get(contact) ?? null)) last.set(contact, one);
  }
  return last;
};

/** Works out what a batch changes. Pure but for the ids of new contacts: a commit that lost a race just asks again. */
export const makePlan = (
  { policies, zone, country }: Rules,
  origin: Origin,
  batch: PreparedBatch,
  facts: Facts,
  now: Date,
): Plan => {
  const { items, failures, replays } = batch;
  const plan: Plan = emptyPlan();
  const account = origin.account.id;
  const people = makePeople(facts, { country, now });
  const place = makeThreading(facts.threads);
  const known = new Map<string, KnownInteraction>(facts.interactions);
  const sighted = new Set<string>();
  const addEntries = makeEntries({ policies, zone }, { plan, people });

  const addNew = (prepared: Prepared): InteractionDoc => {
    const { id, item, content } = prepared;
    const { conversation, joins } = place({
      id,
      threadKeys: prepared.threadKeys.strong,
      lastResort: prepared.threadKeys.lastResort,
      lookUpLastResort: item.lastResortLookup ?? true,
    });
    for (const from of joins) plan.joins.set(from, conversation);
    const interaction = interactionOf(origin, prepared, conversation, now);
    plan.interactions.push(interaction);
    if (saysAnything(content)) plan.contents.push(content);
    known.set(id, knownOf(interaction));
    addEntries(entryOfInteraction(interaction), prepared);
    return interaction;
  };

  /** What couldn't be fetched or read before is here now. */
  const closeRows = ({ item }: Prepared): void => {
    for (const row of rowsBefore(account, item)) if (facts.quarantine.get(row) === 'open') plan.closed.push(row);
  };

  const addSighting = ({ id, item }: Prepared): void => {
    if (!item.sighting) return;
    const sighting = sightingOf(account, id, item.sighting, item.raw?.sha256 ?? '');
    if (sighted.has(sighting._id)) return;
    sighted.add(sighting._id);
    const before = facts.sightings.get(sighting._id);
    if (!before || before.stale) plan.appeared++;
    if (!before) plan.sightings.push(sighting);
    else if (before.stale || before.interaction !== id) plan.renewed.push(sighting);
  };

  const addAgain = (prepared: Prepared, before: KnownInteraction): Outcome => {
    if (!before.accounts.includes(account)) {
      before.accounts = [...before.accounts, account];
      plan.shared.push(prepared.id);
    }
    if (!mayRevise(prepared) || !isOther(prepared, before)) {
      complete(prepared, before);
      return 'duplicate';
    }
    before.revisions = [...before.revisions, { sha256: prepared.item.raw?.sha256 ?? '' }];
    plan.revisions.push({ id: prepared.id, prepared });
    additions.revised(prepared.id, revisedFields(prepared, now));
    revise(prepared);
    return 'revised';
  };

  const addInteraction = (prepared: Prepared): Outcome => {
    const before = known.get(prepared.id);
    if (!before) addNew(prepared);
    addSighting(prepared);
    closeRows(prepared);
    return before ? addAgain(prepared, before) : 'stored';
  };

  const addFailure = ({ id, failed, original }: PreparedFailure): Outcome => {
    if (id === replays) plan.failedAgain.push({ _id: id, reason: failed.reason });
    if (facts.quarantine.has(id) || plan.quarantine.some(row => row._id === id)) return 'duplicate';
    plan.quarantine.push({
      _id: id,
      account,
      stream: origin.checkpoint.stream,
      locator: failed.sighting ? locatorOf(failed.sighting) : failed.locator,
      reason: failed.reason,
      size: failed.size ?? failed.raw?.size ?? 0,
      at: now,
      state: 'open',
      ...(original ? { original } : {}),
      sighting: failed.sighting ?? null,
      ...(failed.beside ? { beside: failed.beside } : {}),
      retention: quarantineTag(policies, now, zone),
    });
    return 'quarantined';
  };

  const revise = makeRevise({ policies, zone }, { plan, facts, origin, now, people, addEntries });
  const planning = { plan, facts, origin, now, people, addEntries, revise };
  const complete = makeComplete(planning);
  const addEvent = makeAddEvent(planning);
  const additions = makeAdditions(planning, { addNew, addFailure, closeRows });

  const add = (prepared: Prepared): Outcome => {
    plan.suggestions.push(...suggestionsOf(prepared, { account, country, now }));
    if (prepared.item.kind === 'event') return addEvent(prepared);
    if (prepared.item.belongsTo === undefined) return addInteraction(prepared);
    return additions.add(prepared);
  };

  for (const prepared of items) plan.outcomes.push({ id: prepared.id, outcome: add(prepared) });
  if (replays && plan.outcomes.some(({ outcome }) => outcome !== 'waiting' && outcome !== 'quarantined'))
    plan.closed.push(replays);
  for (const failure of failures) plan.outcomes.push({ id: failure.id, outcome: addFailure(failure) });
  additions.settle();
  for (const interaction of plan.interactions) {
    interaction.conversation = plan.joins.get(interaction.conversation) ?? interaction.conversation;
  }
  plan.people = people.changes();
  plan.lastEntries = lastEntriesOf(plan);
  plan.counts = countsOf(plan, batch);
  return plan;
};
