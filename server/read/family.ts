import type { ClientSession } from 'mongoose';
import type { ContactDoc } from '../../models/contacts.ts';
import type { Models } from '../../models/index.ts';
import { native } from '../store/native.ts';

export interface Family {
  /** the contact that answers, also for an absorbed id */
  id: string;
  /** it and those merged into it: whose entries its timeline has */
  ids: string[];
}

type Row = Pick<ContactDoc, '_id' | 'mergedInto'>;

/** The contact of an id with those merged into it; null when there is none. One query, unless the id was absorbed. */
export const familyOf = async (models: Models, id: string, session?: ClientSession): Promise<Family | null> => {
  const rows = await native(models.contacts)
    .find<Row>(
      { $or: [{ _id: id }, { mergedInto: id }] },
      { projection: { mergedInto: 1 }, ...(session ? { session } : {}) },
    )
    .toArray();
  const self = rows.find(({ _id }) => _id === id);
  if (!self) return null;
  return self.mergedInto === null
    ? { id, ids: rows.map(({ _id }) => _id) }
    : familyOf(models, self.mergedInto, session);
};
