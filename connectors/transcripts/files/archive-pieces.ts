import { fileFault, type ImportFile } from '../../contract.ts';
import { isSlackExport, slackDay, slackPieces } from '../slack/pieces.ts';
import { type Reading, whatsappPieces } from '../whatsapp/pieces.ts';
import { type Archive, ArchiveError, baseName, type Entry, faultIn, openZip } from './archive.ts';
import { conversationPieces } from './conversations.ts';
import { failedFile, failedName } from './failed.ts';
import { hasHeader, isChat, isJsonName, isSlackDay, isZip, textHead } from './kinds.ts';
import type { Piece } from './pieces.ts';

/** What is imported, and how it is read. */
export interface Given {
  /** as it was handed in, or as it lies in a folder */
  file: ImportFile;
  whole: Entry;
  provider: string;
  reading: Reading;
}

const NOBODY = 'No message in the chat names this file.';
const UNKNOWN = 'It is no chat export that is known.';

const folderOf = ({ name }: Entry): string => name.slice(0, -baseName(name).length);

/** The chat among what was sent in it: by its name, else the first text that looks like one. A text that somebody sent is none. */
const chatIn = async (texts: readonly Entry[]): Promise<Entry[]> => {
  const named = texts.find(({ name }) => /^(_chat|(.*\s)?WhatsApp.*)\.txt$/i.test(baseName(name)));
  if (named) return [named];
  for (const text of texts) if (await isChat(text)) return [text];
  return [];
};

const chatsIn = async (texts: readonly Entry[]): Promise<Entry[]> => {
  const chats: Entry[] = [];
  for (const text of texts) if (await isChat(text)) chats.push(text);
  return chats;
};

async function* chatPieces(chat: Entry, archive: Archive, given: Given, used: Set<Entry>): AsyncGenerator<Piece> {
  used.add(chat);
  const fault = await faultIn(chat);
  if (fault) yield async () => ({ failed: [await failedFile(given.whole, `The chat can't be read. ${fault}`)] });
  else yield* whatsappPieces(chat, { name: given.file.name, archive, reading: given.reading, used });
}

async function* jsonPieces(entry: Entry, given: Given): AsyncGenerator<Piece> {
  const fault = await faultIn(entry);
  if (fault) yield () => ({ failed: [failedName('archive', entry.name, fault)] });
  else yield* singlePieces(entry, baseName(entry.name), given);
}

/** All that is in an archive or folder: each file is read, belongs to a message, or is said to do neither. */
export async function* archivePieces(archive: Archive, given: Given, isFolder = false): AsyncGenerator<Piece> {
  for (const { name, reason } of archive.refused) yield () => ({ failed: [failedName('archive', name, reason)] });
  const used = new Set<Entry>();
  if (isSlackExport(archive)) {
    yield* slackPieces(archive, given.reading.recognise, used);
    const entries = archive.entries.filter(one => !used.has(one));
    return yield* archivePieces({ entries, refused: [] }, given, isFolder);
  }
  const texts = archive.entries.filter(({ name }) => /\.txt$/i.test(name));
  const chats = await (isFolder ? chatsIn(texts) : chatIn(texts));
  for (const chat of chats) {
    const beside = archive.entries.filter(one => !isFolder || folderOf(one) === folderOf(chat));
    const own = isFolder ? { ...given, file: { name: chat.name, path: '' }, whole: chat } : given;
    yield* chatPieces(chat, { entries: beside, refused: [] }, own, used);
  }
  for (const entry of archive.entries.filter(one => !used.has(one))) {
    if (isJsonName(entry.name)) yield* jsonPieces(entry, given);
    else if (isFolder && entry.path && /\.zip$/i.test(entry.name))
      yield* zipPieces({ ...given, file: { name: entry.name, path: entry.path }, whole: entry });
    else yield async () => ({ failed: [await failedFile(entry, chats.length > 0 ? NOBODY : UNKNOWN)] });
  }
}

async function* zipPieces(given: Given): AsyncGenerator<Piece> {
  let archive: Archive;
  try {
    archive = await openZip(given.file.path);
  } catch (error) {
    const code = fileFault(error, given.file.path);
    if (!(error instanceof ArchiveError) && !code) throw error;
    const reason = code ? '' : ` ${(error as Error).message}`;
    yield async () => ({ failed: [await failedFile(given.whole, `Nothing of it is taken.${reason}`)] });
    return;
  }
  yield* archivePieces(archive, given);
  if (archive.entries.length + archive.refused.length === 0)
    yield async () => ({ failed: [await failedFile(given.whole, 'There is nothing in it.')] });
}

/** One file that is no archive. */
async function* singlePieces(entry: Entry, name: string, { provider, reading }: Given): AsyncGenerator<Piece> {
  const head = await textHead(entry);
  if (hasHeader(head) || (provider === 'whatsapp' && !/^\s*[[{]"?/.test(head)))
    return yield* whatsappPieces(entry, { name, archive: { entries: [], refused: [] }, reading });
  if (isSlackDay(head)) return yield* slackDay({ ...entry, name }, reading.recognise);
  yield* conversationPieces(entry, name, provider, reading.recognise);
}

/** What is in a file, by its first bytes. */
export async function* filePieces(given: Given): AsyncGenerator<Piece> {
  const head = await textHead(given.whole);
  if (isZip(Buffer.from(head.slice(0, 4), 'latin1'))) yield* zipPieces(given);
  else yield* singlePieces(given.whole, given.file.name, given);
}
