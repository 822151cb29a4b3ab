import libmime from 'libmime';
import { rawOf, sha256 } from '../../common/raw.ts';
import type { Failed, Part } from '../../contract.ts';
import { type Archive, baseName, type Entry as File, faultIn } from '../files/archive.ts';
import { alsoAs, closingRowOf } from '../files/closing.ts';
import { failedBytes, failedFile, failedName, locatorFor } from '../files/failed.ts';
import type { Piece } from '../files/pieces.ts';
import { toMessage } from '../message.ts';
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

/** Its files, as far as they came with it. */
const partsOf = async (
  names: readonly string[],
  files: ReadonlyMap<string, File>,
): Promise<{ parts: Part[]; failed: Failed[] }> => {
  const parts: Part[] = [];
  const failed: Failed[] = [];
  for (const name of names) {
    const file = files.get(name.normalize('NFC'));
    if (!file) continue;
    const fault = await faultIn(file);
    if (fault) failed.push(failedName('whatsapp/file', file.name, fault));
    else parts.push({ name, type: typeOf(name), size: file.size, open: file.open });
  }
  return { parts, failed };
};

const makeMessagePiece = (
  { conversation, people }: Survey,
  { zone }: Reading,
  files: ReadonlyMap<string, File>,
  used: Set<File>,
): ((message: Message) => Piece) => {
  const occurrence = makeOccurrences();
  const at = makeClock(zone);
  return message => {
    const { time, author, signed, text, raw } = message;
    const bytes = Buffer.from(raw);
    if (!time) return () => ({ failed: [failedBytes(UNDATED, bytes, NO_DATE)] });
    const came = message.files.filter(name => files.has(name.normalize('NFC')));
    for (const name of came) used.add(files.get(name.normalize('NFC')) as File);
    // a message whose file was left out of an earlier export is told again, with its file
    const hash = sha256(JSON.stringify([isoOf(time), signed, text.trimEnd(), came])).slice(0, 32);
    const key = `${conversation.key}/${occurrence(hash)}`;
    const occurredAt = at(time);
    return async () => {
      const { parts, failed } = await partsOf(came, files);
      const kind = message.isSystem ? 'system' : 'message';
      const who = author === null ? null : (people.get(author) ?? null);
      const said = { key, author: who, kind, at: occurredAt, text, parts, raw: rawOf('text/plain', bytes) } as const;
      return { items: [alsoAs(toMessage(conversation, said), locatorFor(UNDATED, bytes))], failed };
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

const faultOf = ({ messages, conversation, isTold }: Survey): string | null => {
  if (messages === 0) return NO_CHAT;
  if (!isTold) return NO_OTHER;
  return conversation.visitors.length === 0 ? NO_NAME : null;
};

async function* messagePieces(
  chat: File,
  pieceOf: (message: Message) => Piece,
  { order }: Pick<Reading, 'order'>,
): AsyncGenerator<Piece> {
  for await (const entry of readChat(chat.open(), order)) {
    if (entry.kind === 'message') yield pieceOf(entry);
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
  const others = archive.entries.filter(one => one !== chat);
  const files = new Map(others.map(one => [baseName(one.name).normalize('NFC'), one]));
  yield* closingRowOf(chat, messagePieces(chat, makeMessagePiece(found, reading, files, used), reading));
}
