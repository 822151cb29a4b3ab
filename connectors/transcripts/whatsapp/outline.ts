import { type DateOrder, type LocalTime, readHeader } from './header.ts';
import { headedLines, writerOf } from './read.ts';

/** What the dates in a chat say of it as a whole: an export is in the order in which its messages came. */
export interface Outline {
  /** its days and months are the other way round */
  isOtherOrder: boolean;
  /** beginnings of messages, counted from 0, that were pasted into a message: others' messages, copied in this chat's own form */
  pasted: ReadonlySet<number>;
}

const DAY_MS = 86_400_000;

/** For differences only: the zone doesn't matter. */
const msOf = ({ year, month, day, hour, minute, second }: LocalTime): number =>
  Date.UTC(year, month - 1, day, hour, minute, second);

/** How much speaks against an order of dates. */
const makeDoubts = () => {
  let last = Number.NEGATIVE_INFINITY;
  const doubts = { none: 0, back: 0 };
  const look = (time: LocalTime | null): void => {
    if (!time) doubts.none++;
    else if (msOf(time) < last - DAY_MS) doubts.back++;
    if (time) last = msOf(time);
  };
  return { doubts, look };
};

type Doubts = ReturnType<typeof makeDoubts>['doubts'];

/** Days that there aren't say it; where there are none, that the chat goes back in time, and the other way never. */
const isWorse = (these: Doubts, other: Doubts): boolean =>
  these.none === other.none ? these.back > 0 && other.back === 0 : these.none > other.none;

/** Nobody copies more messages at once. */
const MOST_PASTED = 100;

interface Block {
  /** numbers of its beginnings of messages */
  at: number[];
  writers: Set<string>;
}

/**
 * Messages that are more than a day older than what stands before them, until the chat goes on. Where somebody among those who wrote them has written nothing else in
 * the chat, they were copied from another. A chat that never goes on from there was on a phone whose clock was wrong.
 */
const makePasted = () => {
  const writers = new Set<string>();
  const blocks: Block[] = [];
  let base = Number.NEGATIVE_INFINITY;
  let open: Block | null = null;
  let outside = 0;
  const close = (most: number): void => {
    if (!open) return;
    if (open.at.length <= most) blocks.push(open);
    else for (const writer of open.writers) writers.add(writer);
    open = null;
  };
  const look = (number: number, time: LocalTime, writer: string | null): void => {
    if (msOf(time) < base - DAY_MS) {
      open ??= { at: [], writers: new Set() };
      open.at.push(number);
      if (writer !== null) open.writers.add(writer);
      return;
    }
    close(MOST_PASTED);
    base = msOf(time);
    outside++;
    if (writer !== null) writers.add(writer);
  };
  const end = (): Set<number> => {
    close(Math.min(outside, MOST_PASTED));
    const strange = blocks.filter(block => [...block.writers].some(writer => !writers.has(writer)));
    return new Set(strange.flatMap(({ at }) => at));
  };
  return { look, end };
};

/** Reads the beginnings of all messages of a chat. */
export const outlineOf = async (source: AsyncIterable<Uint8Array>, order: DateOrder): Promise<Outline> => {
  const [these, other] = [makeDoubts(), makeDoubts()];
  const pasted = makePasted();
  const otherOrder = order === 'dmy' ? 'mdy' : 'dmy';
  for await (const { text, header, headers } of headedLines(source, order)) {
    if (!header) continue;
    const writer = writerOf(header);
    // what WhatsApp says of a group's beginning is older than its first line
    if (writer !== null) {
      these.look(header.time);
      other.look(readHeader(text, otherOrder, header.form)?.time ?? null);
    }
    if (header.time) pasted.look(headers, header.time, writer);
  }
  return { isOtherOrder: isWorse(these.doubts, other.doubts), pasted: pasted.end() };
};
