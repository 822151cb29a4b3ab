import type { ClientSession } from 'mongoose';
import type { Models } from '../../models/index.ts';
import { detailsOf, type InteractionDoc, type StoredParticipant } from '../../models/interactions.ts';
import { native } from '../store/native.ts';
import { raiseLastEntries } from '../timeline/last-entry.ts';
import { authorOf, previewOf, storedParticipants } from './documents.ts';
import { participantKey, without } from './participants.ts';
import type { Plan } from './plan-types.ts';
import type { Prepared, PreparedBatch } from './types.ts';

type Known = Pick<InteractionDoc, '_id' | 'participants' | 'details' | 'original'>;

const PROJECTION = { participants: 1, details: 1, original: 1 } as const;

const isNamed = ({ name }: StoredParticipant): boolean => Boolean(name);

/** The participants of both forms: those of the first, with a name where either form has one, then those whom only the second has. */
const together = (was: readonly StoredParticipant[], here: readonly StoredParticipant[]): StoredParticipant[] => [
  ...was.map(one => {
    const [same] = here.filter(other => isNamed(other) && participantKey(other) === participantKey(one));
    return same?.name && !isNamed(one) ? { ...one, name: same.name } : one;
  }),
  ...without(here, was),
];

/** The fields of the interaction with what this form adds to them. */
const filled = (was: Known, { item, original }: Prepared) => {
  const isFirst = original !== undefined && was.original === undefined;
  return {
    participants: together(was.participants, storedParticipants(item)),
    details: { ...detailsOf(item), ...detailsOf(was) },
    ...(isFirst ? { original } : {}),
  };
};

const sizeOf = (all: readonly StoredParticipant[]): number => all.filter(isNamed).length + all.length;

const isMore = (was: Known, { participants, details, ...more }: ReturnType<typeof filled>): boolean =>
  'original' in more ||
  sizeOf(participants) > sizeOf(was.participants) ||
  Object.keys(details).length > Object.keys(detailsOf(was)).length;

const writeForm = async (models: Models, was: Known, prepared: Prepared, now: Date, session: ClientSession) => {
  const { _id } = was;
  const { item, content } = prepared;
  const next = filled(was, prepared);
  if (!isMore(was, next)) return;
  const noNotice = 'original' in next && item.text ? { $unset: { notice: 1 as const } } : {};
  const change = { $set: next, ...noNotice };
  await native(models.interactions).updateOne({ _id }, change, { session, ignoreUndefined: true });
  const from = authorOf(next);
  // the form that has its bytes says all that there is
  const preview = 'original' in next ? previewOf(item) : '';
  const $set = { changedAt: now, ...(from ? { from } : {}), ...(preview ? { preview } : {}) };
  await native(models.timeline).updateMany({ interaction: _id }, { $set }, { session });
  if (!preview) return;
  if (item.text) await native(models.contents).replaceOne({ _id }, content, { session, upsert: true });
  await raiseLastEntries(models, [_id], session);
};

/**
 * Merges items that come in several forms (a webhook's, an API's; `revises: false`): in whatever order they come, the interaction ends up with the
 * participants, names and details of all of them, and with the original and text of the one that has its bytes. A further form counts as a duplicate.
 */
export const writeForms = async (
  models: Models,
  { items }: Pick<PreparedBatch, 'items'>,
  { outcomes }: Pick<Plan, 'outcomes'>,
  now: Date,
  session: ClientSession,
): Promise<void> => {
  const forms = items.filter(
    ({ item: { revises, belongsTo } }, index) =>
      revises === false && belongsTo === undefined && outcomes[index]?.outcome === 'duplicate',
  );
  if (forms.length === 0) return;
  const ids = forms.map(({ id }) => id);
  const options = { session, projection: PROJECTION };
  const found = await native(models.interactions)
    .find<Known>({ _id: { $in: ids } }, options)
    .toArray();
  const known = new Map(found.map(one => [one._id, one]));
  for (const prepared of forms) {
    const was = known.get(prepared.id);
    if (!was) continue;
    await writeForm(models, was, prepared, now, session);
    known.set(prepared.id, { ...was, ...filled(was, prepared) });
  }
};
