import type { Contact } from '../api/types.ts';
import { t } from '../i18n/index.ts';

type Named = Pick<Contact, 'name' | 'identifiers'>;

/** What a contact is called: the name, else the first identifier. */
export const nameOf = ({ name, identifiers }: Named): string =>
  [name.first, name.last].filter(Boolean).join(' ') || identifiers[0]?.value || t.contacts.unknown;

/** A word's first letter, whole: an emoji is two units of a string. */
export const initialOf = (word: string | null | undefined): string => [...(word?.trim() ?? '')][0]?.toUpperCase() ?? '';

export const initialsOf = ({ name }: Named): string => [name.first, name.last].map(initialOf).join('') || '?';

export const identifierWord = (type: string): string => t.contact.types[type] ?? type;
