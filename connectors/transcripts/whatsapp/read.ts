import { linesIn } from '../files/lines.ts';
import { MARKS } from '../marks.ts';
import { type DateOrder, type Header, type LocalTime, readHeader } from './header.ts';
import { captionOf, filesIn, OMITTED } from './media.ts';

/** One message of an export, or what comes before the first one and is none. */
export type Entry = Message | { kind: 'stray'; raw: string };
export interface Message {
  kind: 'message';
  /** null: there is no such date or time */
  time: LocalTime | null;
  /** under whose name it stands, also of a line that WhatsApp wrote (a call, a deleted message); null: under nobody's */
  author: string | null;
  /**
   * The same as far as keys are made of it: null for a name that is none, and for each line that begins with WhatsApp's mark but for
   * files and what is told to be left out. Keys stay what they are, whatever is learnt of such lines.
   */
  signed: string | null;
  /** the same for who began the chat: what somebody deletes later is marked then, and was theirs before */
  opener: string | null;
  /** its time has seconds */
  isExact: boolean;
  isSystem: boolean;
  text: string;
  /** names of the files that it says are attached */
  files: string[];
  /** what was written with its file, also with one that was left out of the export; null: it has none */
  caption: string | null;
  /** its lines as they stand in the export */
  raw: string;
}

/** WhatsApp sends 65,536 characters at most; what goes on for longer is no message. */
const LONGEST = 2 ** 20;

// U+200E stands before what WhatsApp wrote itself, on iOS.
const MARKED = /^\u200e/;
const DELETED =
  /delet|gelöscht|poiste|poistit|rader|slette|supprim|elimin|apag|borra|verwijder|usuni|удален|töröl|smaz|kustut/i;
const MESSAGE =
  /message|nachricht|viesti|meddeland|besked|melding|mensaje|mensagem|messaggio|bericht|wiadomo|сообщени|üzenet|zpráv|sõnum/i;
const LONGEST_NOTICE = 80;
const QUOTES = /["“”„«»]/g;

/** On iOS a line has a sender, unless it begins with a mark. On Android a colon inside quotes ends no name: 'Matti loi ryhmän "Talo: 3"'. */
const isNobodys = ({ isBracketed, rest }: Header, name: string): boolean =>
  (!isBracketed || MARKED.test(rest)) && (name.match(QUOTES)?.length ?? 0) % 2 === 1;

/** What stands for the name of somebody who has none. */
const NAMELESS = '~';

const nameIn = (written: string): string =>
  written
    .replace(MARKS, '')
    .replace(/^~\s*/, '')
    .replace(/[\u00a0\u202f]/g, ' ')
    .trim() || NAMELESS;

const authorOf = (header: Header, rest: string): { author: string | null; text: string } => {
  const [, name, text = ''] = /^([^:\n]{1,100}):(?: ([\s\S]*))?$/.exec(rest) ?? [];
  const author = name === undefined ? null : nameIn(name);
  return author === null || isNobodys(header, author) ? { author: null, text: rest } : { author, text };
};

/** Who wrote the message that begins so; null: nobody, or WhatsApp itself. */
export const writerOf = (header: Header): string | null => {
  const { author, text } = authorOf(header, header.rest);
  return MARKED.test(text) ? null : author;
};

/** On iOS what WhatsApp says itself is marked, but so are attachments and what was left out of the export. */
const isFromWhatsApp = (text: string, files: readonly string[]): boolean =>
  MARKED.test(text) && files.length === 0 && !OMITTED.test(text) && !/\n|https?:\/\//.test(text);

const isDeleted = (text: string): boolean => text.length <= LONGEST_NOTICE && DELETED.test(text) && MESSAGE.test(text);

const messageOf = (header: Header, more: readonly string[], raw: string): Message => {
  const { time, isExact } = header;
  const { author, text } = authorOf(header, [header.rest, ...more].join('\n'));
  const files = filesIn(text);
  const isTheirs = isFromWhatsApp(text, files);
  const isSystem = author === null || (isTheirs && !header.isMarked);
  const signed = isTheirs || author === NAMELESS ? null : author;
  const opener = author === NAMELESS || (isTheirs && !isDeleted(text)) ? null : author;
  const shown = text.replace(/^[\u200e\u200f]+|\u200e(?=<)/g, '');
  const caption = author === null ? null : captionOf(text, header, files);
  return { kind: 'message', time, author, signed, opener, isExact, isSystem, text: shown, files, caption, raw };
};

/** A line of an export: `text` without its end, `header` when a message begins there, `headers` how many began before it. */
interface Line {
  line: string;
  text: string;
  header: Header | null;
  headers: number;
}

/** The lines of an export; its first header says how all are written. Bounded memory. */
export async function* headedLines(source: AsyncIterable<Uint8Array>, order: DateOrder): AsyncGenerator<Line> {
  let form: string | undefined;
  let headers = 0;
  for await (const line of linesIn(source)) {
    const text = line.replace(/\r$/, '');
    const header = readHeader(text, order, form);
    form ??= header?.form;
    yield { line, text, header, headers };
    if (header) headers++;
  }
}

/**
 * The messages of an export in their order, those of several lines as one. `pasted`: headers (counted from 0) that are part of
 * the message they stand in. Bounded memory.
 */
export async function* readChat(
  source: AsyncIterable<Uint8Array>,
  { order, pasted }: { order: DateOrder; pasted: ReadonlySet<number> },
): AsyncGenerator<Entry> {
  let open: { header: Header | null; lines: string[]; length: number } | null = null;
  const finished = (): Entry | null => {
    if (!open) return null;
    const raw = open.lines.join('\n');
    if (!open.header) return raw.trim() === '' ? null : { kind: 'stray', raw };
    const more = open.lines.slice(1).map(line => line.replace(/\r$/, ''));
    return messageOf(open.header, more, raw);
  };
  for await (const { line, header: found, headers } of headedLines(source, order)) {
    const header = pasted.has(headers) ? null : found;
    if (header || !open || open.length > LONGEST) {
      const entry = finished();
      if (entry) yield entry;
      open = { header, lines: [], length: 0 };
    }
    open.lines.push(line);
    open.length += line.length;
  }
  const last = finished();
  if (last) yield last;
}
