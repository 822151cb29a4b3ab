import type { Contact } from '../api/types.ts';
import { plainDay } from '../i18n/format.ts';
import { t } from '../i18n/index.ts';

type Related = Pick<Contact, 'relationship' | 'organisation'>;

/** When the relationship ended, in words: by the earlier of the contact's end and the organisation's, as the tags are made. Null: it lasts. */
export const endWords = ({ relationship, organisation }: Related): string | null => {
  const own = relationship.endedAt;
  const theirs = organisation?.relationship.endedAt;
  if (organisation && theirs && (!own || theirs < own)) return t.contact.endedWith(plainDay(theirs), organisation.name);
  return own ? t.contact.ended(plainDay(own)) : null;
};
