import { fillIn, fillParagraph } from '../facts.ts';
import type { Matter } from '../matter.ts';
import type { Random } from '../random.ts';
import { phrases } from '../texts/index.ts';
import type { FileKind } from '../types.ts';
import type { SampleFile } from './file.ts';
import { pdfFile } from './pdf.ts';
import { pngFile } from './png.ts';
import { csvFile, icsFile, type Meeting } from './text.ts';
import { xlsxFile } from './xlsx.ts';

interface Wish {
  kind: FileKind;
  matter: Matter;
  /** about how many bytes */
  size: number;
  date: Date;
  /** the name must need encoding */
  unusual: boolean;
}

const HOUR = 3_600_000;

/** A table of bookings: a heading and one row each. */
const bookingRows = (matter: Matter, date: Date, count: number, random: Random): (string | number)[][] => {
  const words = phrases[matter.lang];
  const rows: (string | number)[][] = [['id', 'room', 'group', 'start', 'hours', 'people', 'price']];
  for (let i = 0; i < count; i++) {
    const start = new Date(date.getTime() + i * 5 * HOUR);
    rows.push([
      `V${random.int(100000, 999999)}`,
      random.pick(words.rooms),
      random.pick(words.groups),
      start.toISOString().slice(0, 16),
      random.int(1, 4),
      random.int(2, 60),
      random.int(10, 180),
    ]);
  }
  return rows;
};

const pdfLines = ({ matter }: Wish, name: string): string[] => {
  const { facts, topic, contact } = matter;
  const body = [...topic.ask, ...topic.answer].map(list => fillParagraph(list[0] ?? '', facts));
  const width = 88;
  const wrapped = body.flatMap(text => [...(text.match(new RegExp(`.{1,${width}}(?: |$)`, 'g')) ?? []), '']);
  return [name.replace(/\.pdf$/, ''), contact.organisation?.name ?? '', facts.isoDate ?? '', '', ...wrapped].map(line =>
    line
      .replace(/[–]/g, '-')
      .replace(/€/g, 'EUR')
      .replace(/[^\x20-\xff]/g, ''),
  );
};

/** An invitation for the matter's room. */
export const meetingOf = (matter: Matter, date: Date, random: Random): Meeting => {
  const start = new Date(date.getTime() - (date.getTime() % HOUR) + random.int(20, 400) * HOUR);
  return {
    uid: `${random.hex(16)}@varaamo.example`,
    made: date,
    start,
    end: new Date(start.getTime() + 2 * HOUR),
    summary: matter.subject,
    place: matter.facts.room ?? '',
    organiser: matter.contact.email,
  };
};

/** Which of its language's names a file bears in these matters. */
const NAMES: Readonly<Record<string, number>> = {
  invoice: 0,
  contract: 1,
  complaint: 2,
  report: 0,
  season: 0,
  api: 1,
  calendar: 1,
  training: 0,
  payment: 2,
};

const nameFor = ({ kind, matter, unusual }: Wish, random: Random): string => {
  const names = phrases[matter.lang].fileNames[kind];
  const encoded = names.filter(name => /[^\x20-\x7e]/.test(name));
  if (unusual && encoded.length > 0) return fillIn(random.pick(encoded), matter.facts);
  const usual = names[NAMES[matter.topic.id] ?? -1];
  return fillIn(usual && random.chance(0.8) ? usual : random.pick(names), matter.facts);
};

/** A file that fits the matter: small kinds are as small as they are, the others come near `size`. */
export const makeFile = (wish: Wish, random: Random): SampleFile => {
  const { kind, matter, size, date } = wish;
  const name = nameFor(wish, random);
  if (kind === 'pdf') return pdfFile(name, pdfLines(wish, name), size, random);
  if (kind === 'xlsx') return xlsxFile(name, bookingRows(matter, date, random.int(8, 40), random), size, random);
  if (kind === 'csv') return csvFile(name, bookingRows(matter, date, random.int(20, 200), random));
  if (kind === 'ics') return icsFile(name, meetingOf(matter, date, random));
  return pngFile(name, `${matter.facts.booking} ${random.hex(16)}`, size);
};
