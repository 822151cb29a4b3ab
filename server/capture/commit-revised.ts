import type { ClientSession, mongo } from 'mongoose';
import type { Models } from '../../models/index.ts';
import { native } from '../store/native.ts';
import { revisedFields, revisionOf, storedParticipants } from './documents.ts';
import type { Plan } from './plan-types.ts';

type Optional<Doc> = { [Field in keyof Doc]?: Doc[Field] | undefined };

/** The update after which a document's fields are as given: an undefined one isn't there. */
const becoming = <Doc>(fields: Optional<Doc>): Pick<mongo.UpdateFilter<Doc>, '$set' | '$unset'> => {
  const absent = Object.entries(fields).flatMap(([field, value]) => (value === undefined ? [[field, 1]] : []));
  return {
    $set: fields as mongo.MatchKeysAndValues<Doc>, // the driver leaves out what is undefined
    ...(absent.length > 0 ? { $unset: Object.fromEntries(absent) } : {}),
  };
};

const writeInteractions = async (models: Models, { revisions }: Plan, now: Date, session: ClientSession) => {
  for (const { id: _id, prepared } of revisions) {
    const { item, parts } = prepared;
    const { _id: contentId, ...content } = prepared.content;
    const subject = item.subject || undefined;
    const notice = item.notice || undefined;
    const said = { ...revisedFields(prepared, now), subject, notice, parts };
    const update = { ...becoming(said), $push: { revisions: revisionOf(prepared, now) } };
    await native(models.interactions).updateOne({ _id }, update, { session, ignoreUndefined: true });
    await native(models.contents).replaceOne({ _id: contentId }, content, { session, upsert: true });
  }
};

const writeEvents = async (models: Models, { revisedEvents }: Plan, now: Date, session: ClientSession) => {
  for (const { id: _id, prepared } of revisedEvents) {
    const { item } = prepared;
    const { data = null, name = 'event' } = item.event ?? {};
    const { occurredAt, subject } = item;
    const said = {
      participants: storedParticipants(item),
      occurredAt,
      data,
      event: name,
      subject: subject || undefined,
    };
    const update = { ...becoming(said), $push: { revisions: revisionOf(prepared, now) } };
    await native(models.registerEvents).updateOne({ _id }, update, { session, ignoreUndefined: true });
  }
};

/** Interactions and register events that came with another content say that from now on, and keep that they said something else. */
export const writeRevised = async (models: Models, plan: Plan, now: Date, session: ClientSession): Promise<void> => {
  await writeInteractions(models, plan, now, session);
  await writeEvents(models, plan, now, session);
};
