import { sha256 } from '../../common/raw.ts';
import { baseName, type Entry as File } from '../files/archive.ts';
import type { Conversation } from '../message.ts';
import { isPhone, type Person, type Recognise, visitorsOf } from '../people.ts';
import { type DateOrder, isoOf } from './header.ts';
import { type Outline, outlineOf } from './outline.ts';
import { readChat } from './read.ts';

const MOST_PEOPLE = 2000;

/** What is learnt of a chat by reading it once. */
export interface Survey extends Outline {
  messages: number;
  /** whether it can be told from other chats */
  isTold: boolean;
  conversation: Conversation;
  /** who wrote something, by name; a line of WhatsApp itself may stand under the name of the chat */
  people: ReadonlyMap<string, Person>;
}

export const personOf = (recognise: Recognise, author: string): Person =>
  recognise({ names: [author], phone: isPhone(author) ? author : null });

// 'WhatsApp Chat with Päivi.txt' · 'WhatsApp-Chat mit Päivi (2).zip' · 'Conversa do WhatsApp com Päivi.txt' · 'WhatsApp Chat - Päivi.zip'
const TITLES = [
  /^WhatsApp-keskustelu henkilön (.+) kanssa$/i,
  /^(?:.*?\s)?WhatsApp\S*(?:\s\S+){0,2}?\s(?:with|mit|med|met|con|com|avec|amb|cu|kontaktiga|vele:|su|s|z|с|з|με|-)\s(.+)$/i,
];

/** Whom a file is named after. */
export const titleOf = (name: string): string | null => {
  const [, stem = ''] = /^(.+)\.(?:txt|zip)$/i.exec(baseName(name).normalize('NFC')) ?? [];
  const whole = stem.replace(/\s?\(\d+\)$/, '');
  for (const form of TITLES) {
    const title = form.exec(whole)?.[1]?.trim();
    if (title) return title;
  }
  return null;
};

/** A name as far as it stands in the name of a file too. */
const lettersOf = (name: string): string => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '') || name;

interface Begun {
  at: string;
  /** under whose name the first message stands */
  by: string;
  isExact: boolean;
}

/**
 * Where the settings name nobody of ours, who wrote first may be one of ours (but for whoever is known by a number only), and writes to several people alike. A time with seconds
 * tells those chats apart, one without doesn't; then whom the file is named after does, or who answered. Null: nothing does.
 */
const otherIn = ({ by }: Begun, title: string | null, answerer: string | null): string | null => {
  if (title !== null && lettersOf(title) === lettersOf(by)) return by;
  const other = title ?? answerer;
  return other === null ? null : lettersOf(other);
};

/**
 * Reads a chat through for who is in it and which chat it is. An export names its chat nowhere, and files are renamed: it is known by its
 * first moments and who is in them, which a longer export of it has too.
 */
export const survey = async (
  file: File,
  name: string,
  { order, recognise, hasAgents }: { order: DateOrder; recognise: Recognise; hasAgents: boolean },
): Promise<Survey> => {
  const people = new Map<string, Person>();
  let messages = 0;
  let first = '';
  let begun = null as Begun | null;
  let signer: Person | undefined;
  let answerer = null as string | null;
  const personNamed = (author: string): Person => people.get(author) ?? personOf(recognise, author);
  const outline = await outlineOf(file.open(), order);
  for await (const entry of readChat(file.open(), { order, pasted: outline.pasted })) {
    if (entry.kind !== 'message') continue;
    const { author, opener, isSystem, isExact } = entry;
    messages++;
    const at = entry.time ? isoOf(entry.time) : '';
    first ||= at;
    if (opener !== null) {
      begun ??= { at, by: opener, isExact };
      const who = signer ?? personNamed(opener);
      if (!who.isAgent) signer = who;
      if (opener !== begun.by) answerer ??= opener;
    }
    if (author !== null && !isSystem && people.size < MOST_PEOPLE) people.set(author, personNamed(author));
  }
  const title = titleOf(name) ?? titleOf(file.name);
  const wrote = visitorsOf(people.values());
  const visitors = wrote.length > 0 || title === null ? wrote : visitorsOf([personOf(recognise, title)]);
  const unclear = begun === null || hasAgents || begun.isExact || isPhone(begun.by) ? null : begun;
  const other = unclear && otherIn(unclear, title, answerer);
  const authored = begun ? `${begun.at} ${begun.by}` : '';
  const id = sha256(JSON.stringify([first, authored, other ?? signer?.name ?? title])).slice(0, 32);
  return {
    ...outline,
    messages,
    people,
    isTold: unclear === null || other !== null,
    conversation: { key: `whatsapp/chat/${id}`, id, channel: 'whatsapp', visitors },
  };
};
