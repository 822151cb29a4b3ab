import { agents } from '../data/people.ts';
import type { Contact } from '../types.ts';

/** The desk's own numbers; none of them rings anywhere. */
export const DESK_NUMBER = '+358400000100';
export const DESK_EXTENSION = '201';

/** A contact's number as telephone networks write it (E.164). */
export const numberOf = ({ phone }: Pick<Contact, 'phone'>): string => {
  const digits = phone.replace(/[^\d+]/g, '');
  return digits.startsWith('+') ? digits : `+358${digits.slice(1)}`;
};

export const fullName = ({ first, last }: { first: string; last: string }): string => `${first} ${last}`;

/** Who answers chats. */
export const CHAT_AGENTS: string[] = agents.map(fullName);
