import type { Contact } from '../api/types.ts';
import { t } from '../i18n/index.ts';

type Named = Pick<Contact, 'name' | 'identifiers'>;

/** What a contact is called: the name, else the first identifier. */
export const nameOf = ({ name, identifiers }: Named): string =>
  [name.first, name.last].filter(Boolean).join(' ') || identifiers[0]?.value || t.contacts.unknown;

export const initialsOf = ({ name }: Named): string =>
  [name.first, name.last].map(part => part?.trim().charAt(0).toUpperCase() ?? '').join('') || '?';

export const identifierWord = (type: string): string => t.contact.types[type] ?? type;
