import type { RegisterEventDoc } from '../../models/events.ts';
import type { Models } from '../../models/index.ts';
import type { RegisterEvent } from '../http/dto/register.ts';
import { entryIdsOf } from '../rules/keys.ts';
import { native } from '../store/native.ts';
import { familyOf } from './family.ts';

/** The register event with this id; null when there is none. */
export const findEvent = (models: Models, id: string): Promise<RegisterEventDoc | null> =>
  native(models.registerEvents).findOne({ _id: id });

/** Id of the (surviving) contact on whose timeline an event is; null when it is on none. */
export const contactOfEvent = async (models: Models, id: string): Promise<string | null> => {
  const linked = { _id: entryIdsOf(id), contact: { $ne: null } };
  const entry = await native(models.timeline).findOne(linked, { projection: { contact: 1 }, sort: { _id: 1 } });
  return entry?.contact ? ((await familyOf(models, entry.contact))?.id ?? entry.contact) : null;
};

/** An event as the API shows it. */
export const eventView = (event: RegisterEventDoc, contact: string | null): RegisterEvent => ({
  id: event._id,
  externalId: event.externalId ?? null,
  event: event.event,
  occurredAt: event.occurredAt.toISOString(),
  capturedAt: event.capturedAt.toISOString(),
  contact,
  subject: event.subject ?? null,
  data: event.data ?? null,
  account: event.account,
  revisions: event.revisions.map(({ at, sha256 }) => ({ at: at.toISOString(), sha256 })),
});
