import type { StoredParticipant } from '../../models/interactions.ts';
import { itemOf, type TimelineDoc } from '../../models/timeline.ts';
import { stampRetention } from '../rules/retention.ts';
import { authorOf, type EntryOf, hasFiles, notAfter, previewOf, storedParticipants } from './documents.ts';
import type { Facts } from './facts.ts';
import { participantKey } from './participants.ts';
import type { People } from './people.ts';
import type { AddEntries } from './plan-entries.ts';
import type { Plan } from './plan-types.ts';
import type { Revisable } from './revisable.ts';
import type { CaptureDeps, Origin, Prepared } from './types.ts';

interface Revising {
  plan: Plan;
  facts: Facts;
  origin: Origin;
  now: Date;
  people: People;
  addEntries: AddEntries;
}

const keysOf = (participants: readonly StoredParticipant[]): string => participants.map(participantKey).join();

/** Whether it still goes the same way, between the same participants in the same order. */
const hasSameParties = ({ item }: Revisable, of: EntryOf): boolean =>
  (item.direction ?? of.direction) === of.direction && keysOf(item.participants) === keysOf(of.participants);

/** What a revised item shows on timelines. */
const revisedOf = (
  { id, item, parts }: Prepared,
  { origin, now }: Revising,
  was: Revisable['item'] | undefined,
): EntryOf => ({
  ...(item.kind === 'event' ? { event: id, interaction: null } : { interaction: id, event: null }),
  accounts: was?.accounts ?? [origin.account.id],
  channel: item.channel,
  direction: item.direction,
  occurredAt: notAfter(item.occurredAt, now),
  capturedAt: was?.capturedAt ?? now,
  files: hasFiles({ parts }),
  participants: storedParticipants(item),
  subject: item.subject,
});

/**
 * Rewrites the entries of an item that came with another content: they show what it says now, with a new retention tag, on the timelines of whom it belongs
 * to now. What a person linked or unlinked by hand stays so, and while its direction and participants are the same no entry is moved at all. `keeps`: no
 * contact loses its entry, there are only more of them.
 */
export const makeRevise = ({ policies, zone }: Pick<CaptureDeps, 'policies' | 'zone'>, revising: Revising) => {
  const { plan, facts, people, addEntries } = revising;

  const changed = (entry: TimelineDoc, of: EntryOf, preview: string, takenOff: readonly string[]): TimelineDoc => {
    const { channel, direction, occurredAt, files, subject } = of;
    const contact = entry.contact === null ? null : people.known(entry.contact);
    const whose = { contact, organisation: contact && people.organisationOf(contact) };
    const { capturedAt } = entry;
    const { from: _, subject: __, ...rest } = entry;
    const author = authorOf(of);
    return {
      ...rest,
      channel,
      direction,
      occurredAt,
      files,
      preview,
      ...(author ? { from: author } : {}),
      ...(subject ? { subject } : {}),
      ...(takenOff.length > 0 ? { takenOff: [...takenOff] } : {}),
      retention: stampRetention(policies, { ...whose, occurredAt, capturedAt, zone }),
    };
  };

  /** Removes from the plan the entries that this batch made of the item, and answers them. */
  const takeBack = (id: string): TimelineDoc[] => {
    const back = plan.entries.filter(entry => itemOf(entry) === id);
    if (back.length > 0) plan.entries = plan.entries.filter(entry => itemOf(entry) !== id);
    return back;
  };

  const again = (prepared: Prepared, of: EntryOf, was: Revisable, keeps: boolean): void => {
    const { id, item } = prepared;
    const takenOff = [...new Set(was.entries.flatMap(entry => entry.takenOff ?? []))];
    const wanted = hasSameParties(was, of) ? null : new Set(people.of(item).map(({ _id }) => _id));
    const stays = ({ contact, byHand }: TimelineDoc): boolean =>
      keeps || wanted === null || contact === null || byHand === true || wanted.has(people.knownId(contact));
    const linked = was.entries.filter(entry => entry.contact !== null && stays(entry));
    const isDecided = new Set([...linked.flatMap(({ contact }) => contact ?? []), ...takenOff].map(people.knownId));
    const added = wanted === null ? 0 : addEntries(of, prepared, { unless: contact => isDecided.has(contact) });
    const unlinked = was.entries.filter(({ contact }) => contact === null && added === 0);
    const kept = [...linked, ...unlinked];
    if (kept.length === 0 && added === 0 && was.entries.length > 0)
      addEntries(of, { ...prepared, item: { ...item, parties: [], others: [] } });
    if (takenOff.length > 0) for (const entry of plan.entries) if (itemOf(entry) === id) entry.takenOff = takenOff;
    const gone = was.entries.filter(entry => !kept.includes(entry)).map(({ _id }) => _id);
    const preview = previewOf(item);
    plan.told.set(id, { changed: kept.map(entry => changed(entry, of, preview, takenOff)), gone });
  };

  return (prepared: Prepared, { keeps = false }: { keeps?: boolean } = {}): void => {
    const { id } = prepared;
    const was = facts.revisable.get(id);
    const of = revisedOf(prepared, revising, was?.item);
    const back = takeBack(id);
    if (was) again(prepared, of, was, keeps);
    else addEntries(of, prepared);
    const entries = [...back, ...(was?.entries ?? []), ...plan.entries.filter(entry => itemOf(entry) === id)];
    for (const { contact } of entries) if (contact !== null) plan.retold.add(people.knownId(contact));
  };
};

export type Revise = ReturnType<typeof makeRevise>;
