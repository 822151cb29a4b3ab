import type { ClientSession } from 'mongoose';
import type { ContactDoc } from '../../models/contacts.ts';
import type { Models } from '../../models/index.ts';
import { native } from '../store/native.ts';

/** A contact with those merged into it. */
export interface Family {
  /** id of the surviving contact */
  id: string;
  /** its id and those of contacts merged into it: their entries make its timeline */
  ids: string[];
}

type Row = Pick<ContactDoc, '_id' | 'mergedInto'>;

/** The family of a contact, also by the id of an absorbed one; null when there is none. One query, unless the id was absorbed. */
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
