import type { ContentDoc } from '../../models/contents.ts';
import type { InteractionDoc } from '../../models/interactions.ts';
import type { QuarantineDoc } from '../../models/quarantine.ts';
import type { SightingDoc } from '../../models/sightings.ts';
import type { TimelineDoc } from '../../models/timeline.ts';
import { locatorOf, quarantineId } from '../rules/keys.ts';
import { quarantineTag, stampRetention } from '../rules/retention.ts';
import { makeThreading } from '../rules/threading.ts';
import { entryOf, interactionOf, previewOf, sightingOf } from './documents.ts';
import type { Facts, KnownInteraction } from './facts.ts';
import { makePeople, type People } from './people.ts';
import type { CaptureDeps, Origin, Outcome, Prepared, PreparedBatch, PreparedFailure } from './types.ts';

/** Everything one commit writes, worked out from what it read. */
export interface Plan {
  interactions: InteractionDoc[];
  contents: ContentDoc[];
  entries: TimelineDoc[];
  sightings: SightingDoc[];
  /** sightings that are there, but stale or of other bytes */
  renewed: SightingDoc[];
  /** interactions that this account captured too */
  shared: string[];
  revisions: { id: string; prepared: Prepared }[];
  /** conversations that turned out to be one: from → into */
  joins: Map<string, string>;
  people: ReturnType<People['changes']>;
  quarantine: QuarantineDoc[];
  /** quarantine rows that these items close */
  closed: string[];
  outcomes: { id: string; outcome: Outcome }[];
}

type Rules = Pick<CaptureDeps, 'policies' | 'zone' | 'country'>;

const emptyPlan = (): Plan => ({
  interactions: [],
  contents: [],
  entries: [],
  sightings: [],
  renewed: [],
  shared: [],
  revisions: [],
  joins: new Map(),
  people: { created: [], identifiers: [], touched: [] },
  quarantine: [],
  closed: [],
  outcomes: [],
});

/** Works out what a batch changes. Pure: the same facts give the same plan, so a commit that lost a race just asks again. */
export const makePlan = (
  { policies, zone, country }: Rules,
  origin: Origin,
  { items, failures, closes = [] }: PreparedBatch,
  facts: Facts,
  now: Date,
): Plan => {
  const plan: Plan = { ...emptyPlan(), closed: [...closes] };
  const account = origin.account.id;
  const people = makePeople(facts, { country, now });
  const place = makeThreading(facts.threads);
  const known = new Map<string, KnownInteraction>(facts.interactions);
  const sighted = new Set<string>();

  const addEntries = (interaction: InteractionDoc, { item }: Prepared): void => {
    const preview = previewOf(item);
    const { occurredAt, channel, direction } = interaction;
    const stamp = (of: Pick<Parameters<typeof stampRetention>[1], 'contact' | 'organisation'>) =>
      stampRetention(policies, { ...of, occurredAt, capturedAt: now, zone });
    const contacts = people.of(item);
    for (const contact of contacts) {
      const retention = stamp({ contact, organisation: people.organisationOf(contact) });
      plan.entries.push(entryOf(interaction, preview, { contact: contact._id, retention }));
      people.touch(contact, { at: occurredAt, channel, direction, text: item.subject || preview });
    }
    if (contacts.length > 0) return;
    const reason = item.unlinkedReason ?? 'Nobody outside the organisation takes part in it.';
    const retention = stamp({ contact: null, organisation: null });
    plan.entries.push(entryOf(interaction, preview, { contact: null, reason, retention }));
  };

  const addNew = (prepared: Prepared): void => {
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
    plan.contents.push(content);
    known.set(id, { ...interaction }); // of its own: what comes again in this batch is noted there
    addEntries(interaction, prepared);
  };

  const addSighting = ({ id, item }: Prepared): void => {
    if (!item.sighting) return;
    const sighting = sightingOf(account, id, item.sighting, item.raw?.sha256 ?? '');
    if (sighted.has(sighting._id)) return;
    sighted.add(sighting._id);
    const before = facts.sightings.get(sighting._id);
    if (!before) plan.sightings.push(sighting);
    else if (before.stale || before.interaction !== id) plan.renewed.push(sighting);
    const row = quarantineId(account, locatorOf(item.sighting));
    if (facts.quarantine.get(row) === 'open') plan.closed.push(row);
  };

  /** Mail has no revisions: another original under its key is another copy of what was written. */
  const isRevision = ({ item }: Prepared, before: KnownInteraction): boolean =>
    item.keyScope !== 'author' &&
    item.raw !== undefined &&
    ![before.original, ...before.revisions].some(one => one?.sha256 === item.raw?.sha256);

  const addAgain = (prepared: Prepared, before: KnownInteraction): Outcome => {
    if (!before.accounts.includes(account)) {
      before.accounts = [...before.accounts, account];
      plan.shared.push(prepared.id);
    }
    if (!isRevision(prepared, before)) return 'duplicate';
    before.revisions = [...before.revisions, { sha256: prepared.item.raw?.sha256 ?? '' }];
    plan.revisions.push({ id: prepared.id, prepared });
    return 'revised';
  };

  const add = (prepared: Prepared): Outcome => {
    const before = known.get(prepared.id);
    if (!before) addNew(prepared);
    addSighting(prepared);
    return before ? addAgain(prepared, before) : 'stored';
  };

  const addFailure = ({ id, failed, original }: PreparedFailure): Outcome => {
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
      retention: quarantineTag(policies, now, zone),
    });
    return 'quarantined';
  };

  for (const prepared of items) plan.outcomes.push({ id: prepared.id, outcome: add(prepared) });
  for (const failure of failures) plan.outcomes.push({ id: failure.id, outcome: addFailure(failure) });
  for (const interaction of plan.interactions) {
    interaction.conversation = plan.joins.get(interaction.conversation) ?? interaction.conversation;
  }
  plan.people = people.changes();
  return plan;
};
