import libmime from 'libmime';
import { rawOf, sha256 } from '../../common/raw.ts';
import type { Captured, Failed, Part } from '../../contract.ts';
import { type Archive, baseName, type Entry as File, faultIn } from '../files/archive.ts';
import { alsoAs, closingRowOf } from '../files/closing.ts';
import { failedBytes, failedFile, failedName, locatorFor } from '../files/failed.ts';
import type { Piece } from '../files/pieces.ts';
import { type Conversation, toMessage } from '../message.ts';
import { makeOccurrences } from '../occurrences.ts';
import type { Recognise } from '../people.ts';
import { type Survey, survey } from './chat.ts';
import { makeClock } from './clock.ts';
import { type DateOrder, isoOf } from './header.ts';
import { type Message, readChat } from './read.ts';

export interface Reading {
  order: DateOrder;
  zone: string;
  recognise: Recognise;
  /** the settings name people of ours */
  hasAgents: boolean;
}

const typeOf = (name: string): string => {
  const extension = name.slice(name.lastIndexOf('.') + 1).toLowerCase();
  return extension === 'opus' ? 'audio/ogg' : libmime.detectMimeType(extension);
};

/** A file that a message names, and that came with it. */
interface Came {
  name: string;
  file: File;
}

/** A broken file lies in quarantine as this: a sound one of that name in the same chat is the same. */
const brokenIn = ({ id }: Conversation, { file }: Came, reason = ''): Failed =>
  failedName('whatsapp/file', `${id}/${baseName(file.name)}`, reason);

/** The files of a message as far as they came and can be read, and what is wrong with the others. */
const makeFilesOf = ({ entries }: Archive, conversation: Conversation, used: Set<File>) => {
  const files = new Map(entries.map(one => [baseName(one.name).normalize('NFC'), one]));
  return async ({ files: names }: Message): Promise<{ came: Came[]; failed: Failed[] }> => {
    const came: Came[] = [];
    const failed: Failed[] = [];
    for (const name of names) {
      const file = files.get(name.normalize('NFC'));
      if (!file) continue;
      used.add(file);
      const fault = await faultIn(file);
      if (fault) failed.push(brokenIn(conversation, { name, file }, fault));
      else came.push({ name, file });
    }
    return { came, failed };
  };
};

const partOf = ({ name, file: { size, open } }: Came): Part => ({ name, type: typeOf(name), size, open });

const makePieceOf = (
  { conversation, people }: Survey,
  { zone }: Reading,
  filesOf: ReturnType<typeof makeFilesOf>,
): ((message: Message) => Promise<Piece>) => {
  const [occurrence, place] = [makeOccurrences(), makeOccurrences()];
  /** Whoever sends several files in one moment, sends them in the same order in each export. */
  const mediaOf = ({ time, author, caption }: Message): { media?: Captured['media'] } => {
    if (!time || caption === null) return {};
    const key = `${conversation.key}/media/${place(sha256(JSON.stringify([isoOf(time), author])).slice(0, 32))}`;
    return { media: { key, words: caption && sha256(caption) } };
  };
  const at = makeClock(zone);
  return async message => {
    const { time, author, signed, text, raw } = message;
    const bytes = Buffer.from(raw);
    if (!time) return () => ({ failed: [failedBytes(UNDATED, bytes, NO_DATE)] });
    const { came, failed } = await filesOf(message);
    const media = mediaOf(message);
    const said = JSON.stringify([isoOf(time), signed, text.trimEnd(), came.map(({ name }) => name)]);
    const key = `${conversation.key}/${occurrence(sha256(said).slice(0, 32))}`;
    const occurredAt = at(time);
    return () => {
      const kind = message.isSystem ? 'system' : 'message';
      const who = author === null ? null : (people.get(author) ?? null);
      const parts = came.map(partOf);
      const told = { key, author: who, kind, at: occurredAt, text, parts, raw: rawOf('text/plain', bytes) } as const;
      const locators = [locatorFor(UNDATED, bytes), ...came.map(one => brokenIn(conversation, one).locator)];
      return { items: [locators.reduce(alsoAs, { ...toMessage(conversation, told), ...media })], failed };
    };
  };
};

/** A message whose time is none lies in quarantine as this. */
const UNDATED = 'whatsapp/date';
const NO_DATE = 'There is no such date or time. Is the order of dates in the settings right (day or month first)?';
const NO_MESSAGE = 'It does not belong to a message: before it there is no line that begins with a date.';
const NO_CHAT = 'It is no chat exported from WhatsApp: no line begins with a date, a time and a name.';
const NO_NAME =
  'Nobody but your own people has written in it, and its file is not named after who it is with. Hand it in again when there is an answer, or as "WhatsApp Chat with NAME.txt".';
const NO_OTHER =
  'Only one person has written in it, and neither do the settings name your own people nor is its file named after who it is with, so it can not be told from other chats. Fill in "Agents", or hand it in again when there is an answer, or as "WhatsApp Chat with NAME.txt".';

const OTHER_ORDER =
  'Its dates are in order only with days and months the other way round than the settings say. Change "Order of dates", and hand it in again: nothing of it is taken so far.';

const faultOf = ({ messages, conversation, isTold, isOtherOrder }: Survey): string | null => {
  if (messages === 0) return NO_CHAT;
  if (isOtherOrder) return OTHER_ORDER;
  if (!isTold) return NO_OTHER;
  return conversation.visitors.length === 0 ? NO_NAME : null;
};

async function* messagePieces(
  chat: File,
  pieceOf: (message: Message) => Promise<Piece>,
  reading: { order: DateOrder; pasted: ReadonlySet<number> },
): AsyncGenerator<Piece> {
  for await (const entry of readChat(chat.open(), reading)) {
    if (entry.kind === 'message') yield await pieceOf(entry);
    else yield () => ({ failed: [failedBytes('whatsapp/stray', Buffer.from(entry.raw), NO_MESSAGE)] });
  }
}

/** The messages of an exported chat; `archive` has the files that came with it. Those that a message names are `used`. */
export async function* whatsappPieces(
  chat: File,
  { name, archive, reading, used = new Set() }: { name: string; archive: Archive; reading: Reading; used?: Set<File> },
): AsyncGenerator<Piece> {
  const found = await survey(chat, name, reading);
  const fault = faultOf(found);
  if (fault) {
    yield async () => ({ failed: [await failedFile(chat, fault)] });
    return;
  }
  const others = { entries: archive.entries.filter(one => one !== chat), refused: [] };
  const pieceOf = makePieceOf(found, reading, makeFilesOf(others, found.conversation, used));
  yield* closingRowOf(chat, messagePieces(chat, pieceOf, { ...reading, pasted: found.pasted }));
}
