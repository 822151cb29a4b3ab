import type { ClientSession } from 'mongoose';
import type { ContactDoc } from '../../models/contacts.ts';
import type { Models } from '../../models/index.ts';
import type { StoredParticipant } from '../../models/interactions.ts';
import type { OrganisationDoc } from '../../models/organisations.ts';
import type { TimelineDoc } from '../../models/timeline.ts';
import { identifierKey, identify } from '../rules/identity.ts';
import { stampRetention } from '../rules/retention.ts';
import { native } from '../store/native.ts';
import { refreshLastEntries } from '../timeline/last-entry.ts';
import { authorOf, entryOf, entryOfInteraction, NOBODY_OUTSIDE } from './documents.ts';
import type { Growth } from './growth.ts';
import type { Plan } from './plan-types.ts';
import type { CaptureDeps } from './types.ts';

type Rules = Pick<CaptureDeps, 'models' | 'policies' | 'zone' | 'country'>;

/** The contact of an id, or the one that it was merged into. */
const survivingOf = async (models: Models, id: string, session: ClientSession): Promise<ContactDoc | null> => {
  const contact = await native(models.contacts).findOne({ _id: id }, { session });
  return contact?.mergedInto ? survivingOf(models, contact.mergedInto, session) : contact;
};

/** The contacts that these are by now. */
const contactsOf = async (
  rules: Rules,
  participants: readonly StoredParticipant[],
  session: ClientSession,
): Promise<Set<string>> => {
  const keys = participants.flatMap(({ identifier }) => {
    const identified = identify(identifier, rules.country);
    return identified ? [identifierKey(identified)] : [];
  });
  const rows = await native(rules.models.identifiers)
    .find({ _id: { $in: keys } }, { session })
    .toArray();
  const found = new Set<string>();
  for (const { contact } of rows) found.add((await survivingOf(rules.models, contact, session))?._id ?? contact);
  return found;
};

/** The entries of contacts who took part by an earlier version of an item only, and no longer do. Entries that were linked by hand stay. */
const goneOf = async (
  rules: Rules,
  { interaction, left }: Growth,
  entries: readonly TimelineDoc[],
  session: ClientSession,
): Promise<Set<TimelineDoc>> => {
  if (left.length === 0) return new Set();
  const stays = await contactsOf(rules, interaction.participants, session);
  const were = await contactsOf(rules, left, session);
  const gone = new Set<TimelineDoc>();
  for (const entry of entries) {
    if (entry.contact === null || entry.byHand) continue;
    const whose = (await survivingOf(rules.models, entry.contact, session))?._id ?? entry.contact;
    if (were.has(whose) && !stays.has(whose)) gone.add(entry);
  }
  return gone;
};

/** The fields of an entry that follow from its interaction as it is now, its retention tag among them. */
const movedEntry = async (
  rules: Rules,
  { interaction }: Growth,
  { contact: whose, capturedAt }: TimelineDoc,
  session: ClientSession,
) => {
  const { models, policies, zone } = rules;
  const { occurredAt, direction } = interaction;
  const contact = whose === null ? null : await survivingOf(rules.models, whose, session);
  const id = contact?.organisation ?? null;
  const organisation: OrganisationDoc | null =
    id === null ? null : await native(models.organisations).findOne({ _id: id }, { session });
  const retention = stampRetention(policies, { contact, organisation, occurredAt, capturedAt, zone });
  return { occurredAt, direction, from: authorOf(interaction) ?? null, retention };
};

/** Puts an interaction that has lost all its contacts among those to be sorted out. */
const putAside = async (
  { models, policies, zone }: Rules,
  { interaction, reason = NOBODY_OUTSIDE }: Growth,
  { preview, takenOff }: TimelineDoc,
  session: ClientSession,
): Promise<void> => {
  const { occurredAt, capturedAt } = interaction;
  const retention = stampRetention(policies, { contact: null, organisation: null, occurredAt, capturedAt, zone });
  const entry = entryOf(entryOfInteraction(interaction), preview, { contact: null, reason, retention });
  await native(models.timeline).insertOne({ ...entry, ...(takenOff ? { takenOff } : {}) }, { session });
};

const moveOne = async (rules: Rules, growth: Growth, now: Date, session: ClientSession): Promise<string[]> => {
  const timeline = native(rules.models.timeline);
  const entries = await timeline.find({ interaction: growth.interaction._id }, { session }).toArray();
  const gone = await goneOf(rules, growth, entries, session);
  if (gone.size > 0) await timeline.deleteMany({ _id: { $in: [...gone].map(({ _id }) => _id) } }, { session });
  const [last] = gone;
  if (last && gone.size === entries.length) await putAside(rules, growth, last, session);
  for (const entry of entries) {
    if (gone.has(entry)) continue;
    const said = await movedEntry(rules, growth, entry, session);
    await timeline.updateOne({ _id: entry._id }, { $set: { ...said, changedAt: now } as object }, { session });
  }
  return entries.flatMap(({ contact }) => contact ?? []);
};

/**
 * Rewrites the entries of interactions whose time, direction, author or contacts have turned out to be other ones, each with a new retention tag, and
 * refreshes the last entry of every contact who has or had one of them. Answers the ids of these contacts. Called last: it reads what the commit wrote.
 */
export const writeMoved = async (
  rules: Rules,
  plan: Plan,
  now: Date,
  session: ClientSession,
): Promise<ReadonlySet<string>> => {
  const whose = new Set<string>();
  for (const growth of plan.moved) for (const contact of await moveOne(rules, growth, now, session)) whose.add(contact);
  if (whose.size > 0) await refreshLastEntries(rules.models, [...whose], session);
  return whose;
};
