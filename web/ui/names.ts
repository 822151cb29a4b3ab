import type { Contact } from '../api/types.ts';
import { t } from '../i18n/index.ts';

type Named = Pick<Contact, 'name' | 'identifiers'>;

/** Of these kinds a value is a key of a source's own, which tells a person nothing. */
const opaque: ReadonlySet<string> = new Set(['chat']);
export const isReadable = (type: string): boolean => !opaque.has(type);

/** The first address or number of a contact that a person can read. */
export const addressOf = ({ identifiers }: Pick<Contact, 'identifiers'>): string | undefined =>
  identifiers.find(({ type }) => isReadable(type))?.value;

/** What a contact is called: the name, else the first identifier that can be read. */
export const nameOf = ({ name, identifiers }: Named): string =>
  [name.first, name.last].filter(Boolean).join(' ') ||
  addressOf({ identifiers }) ||
  (identifiers[0] ? identifierWord(identifiers[0].type) : t.contacts.unknown);

/** A word's first letter, whole: an emoji is two units of a string. */
export const initialOf = (word: string | null | undefined): string => [...(word?.trim() ?? '')][0]?.toUpperCase() ?? '';

export const initialsOf = ({ name }: Named): string => [name.first, name.last].map(initialOf).join('') || '?';

export const identifierWord = (type: string): string => t.contact.types[type] ?? type;
