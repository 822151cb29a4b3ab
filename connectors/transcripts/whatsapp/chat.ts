import { sha256 } from '../../common/raw.ts';
import { baseName, type Entry as File } from '../files/archive.ts';
import type { Conversation } from '../message.ts';
import { isPhone, type Person, type Recognise, visitorsOf } from '../people.ts';
import { type DateOrder, isoOf } from './header.ts';
import { readChat } from './read.ts';

const MOST_PEOPLE = 2000;

/** What is learnt of a chat by reading it once. */
export interface Survey {
  messages: number;
  conversation: Conversation;
  /** who wrote something, by name; a line of WhatsApp itself may stand under the name of the chat */
  people: ReadonlyMap<string, Person>;
}

export const personOf = (recognise: Recognise, author: string): Person =>
  recognise({ names: [author], phone: isPhone(author) ? author : null });

/** Whom a file is named after: 'WhatsApp Chat with Päivi.txt', 'WhatsApp-Chat mit Päivi (2).zip', 'WhatsApp Chat - Päivi.zip'. */
export const titleOf = (name: string): string | null => {
  const [, title] = /^WhatsApp.*?\s(?:with|mit|med|met|con|com|avec|-)\s(.+)\.(?:txt|zip)$/i.exec(baseName(name)) ?? [];
  return title?.replace(/\s?\(\d+\)$/, '').trim() || null;
};

/**
 * Reads a chat through for who is in it and which chat it is. An export names its chat nowhere, and files are renamed: it is known by its
 * first moments and who is in them, which a longer export of it has too.
 */
export const survey = async (
  file: File,
  name: string,
  { order, recognise }: { order: DateOrder; recognise: Recognise },
): Promise<Survey> => {
  const people = new Map<string, Person>();
  let messages = 0;
  let first = '';
  let authored = '';
  let signer: Person | undefined;
  const personNamed = (author: string): Person => people.get(author) ?? personOf(recognise, author);
  for await (const entry of readChat(file.open(), order)) {
    if (entry.kind !== 'message') continue;
    const { author, signed, isSystem } = entry;
    messages++;
    const at = entry.time ? isoOf(entry.time) : '';
    first ||= at;
    if (signed !== null) {
      authored ||= `${at} ${signed}`;
      const who = signer ?? personNamed(signed);
      if (!who.isAgent) signer = who;
    }
    if (author !== null && !isSystem && people.size < MOST_PEOPLE) people.set(author, personNamed(author));
  }
  const title = titleOf(name) ?? titleOf(file.name);
  const wrote = visitorsOf(people.values());
  const visitors = wrote.length > 0 || title === null ? wrote : visitorsOf([personOf(recognise, title)]);
  const id = sha256(JSON.stringify([first, authored, signer?.name ?? title])).slice(0, 32);
  return { messages, people, conversation: { key: `whatsapp/chat/${id}`, id, channel: 'whatsapp', visitors } };
};
