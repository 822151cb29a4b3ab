/** One JSON object of a file; `bytes` null when it is longer than what is read at once. `isWhole` false: the file breaks off in it. */
export interface JsonRecord {
  bytes: Buffer | null;
  size: number;
  isWhole: boolean;
}

const LONGEST = 64 * 2 ** 20;
const MOST_STRAY = 2 ** 20;
const BOM = Buffer.from('\ufeff');
const COMMA = 0x2c;
const [QUOTE, BACKSLASH, LIST, END_LIST, OBJECT, END_OBJECT] = [0x22, 0x5c, 0x5b, 0x5d, 0x7b, 0x7d];
const NOWHERE = Number.POSITIVE_INFINITY;

/**
 * Finds the objects of a file as its bytes come: those in an array, one after another (NDJSON), or in the array under one of `lists` in the
 * outermost object. Looks at brackets and strings only.
 */
export const makeSplitter = (lists: ReadonlySet<string>) => {
  let depth = 0;
  /** at which depth records begin */
  let level = 0;
  let inString = false;
  let escaped = false;
  let isOpen = false;
  let pieces: Buffer[] = [];
  let size = 0;
  /** of the outermost object: the string that was read last */
  let key: number[] = [];
  let found: JsonRecord[] = [];
  /** what lies between records and is none */
  let stray: number[] = [];

  const addStray = (byte: number): void => {
    const isBetween = byte <= 0x20 || byte === COMMA;
    if (!isOpen && depth === level && (inString || !isBetween) && stray.length < MOST_STRAY) stray.push(byte);
  };
  const closeStray = (): void => {
    if (stray.length > 0) found.push({ bytes: Buffer.from(stray), size: stray.length, isWhole: true });
    stray = [];
  };

  const keep = (chunk: Buffer): void => {
    size += chunk.length;
    if (size <= LONGEST) pieces.push(chunk);
    else pieces = [];
  };
  const drop = (): void => {
    isOpen = false;
    pieces = [];
    size = 0;
  };
  const close = (isWhole: boolean): void => {
    found.push({ bytes: size > LONGEST ? null : Buffer.concat(pieces), size, isWhole });
    drop();
  };

  /** Returns whether what was open turned out to be no record but what holds them. */
  const enter = (byte: number): boolean => {
    const holds =
      byte === LIST && (depth === 0 || (depth === 1 && level === 0 && lists.has(String.fromCharCode(...key))));
    if (holds) level = depth + 1;
    else if (byte === OBJECT && depth === level) {
      closeStray();
      isOpen = true;
    }
    depth++;
    return holds && isOpen;
  };

  const leave = (): void => {
    depth = Math.max(0, depth - 1);
    if (depth === 0) level = 0;
    else if (depth < level) level = NOWHERE;
  };

  const inside = (byte: number): void => {
    if (escaped) escaped = false;
    else if (byte === BACKSLASH) escaped = true;
    else if (byte === QUOTE) inString = false;
    else if (depth === 1 && key.length < 64) key.push(byte);
  };

  const push = (chunk: Buffer): void => {
    let start = isOpen ? 0 : -1;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at] as number;
      if (inString) {
        addStray(byte);
        inside(byte);
      } else if (byte === QUOTE) {
        inString = true;
        addStray(byte);
        if (depth === 1) key = [];
      } else if (byte === OBJECT || byte === LIST) {
        const was = isOpen;
        if (enter(byte)) {
          drop();
          start = -1;
        } else if (!was && isOpen) start = at;
      } else if (byte === END_OBJECT || byte === END_LIST) {
        const isLast = isOpen && depth - 1 === level;
        leave();
        if (!isLast) continue;
        keep(chunk.subarray(start, at + 1));
        close(true);
        start = -1;
      } else addStray(byte);
    }
    if (isOpen && start >= 0) keep(Buffer.from(chunk.subarray(start)));
  };

  return {
    /** The records that end in this chunk. */
    push: (chunk: Buffer): JsonRecord[] => {
      push(chunk);
      const complete = found;
      found = [];
      return complete;
    },
    /** What is left open at the end of the file. */
    end: (): JsonRecord[] => {
      if (isOpen) close(false);
      closeStray();
      return found;
    },
  };
};

export async function* recordsIn(source: AsyncIterable<Buffer>, lists: readonly string[]): AsyncGenerator<JsonRecord> {
  const splitter = makeSplitter(new Set(lists));
  let isFirst = true;
  for await (const chunk of source) {
    yield* splitter.push(isFirst && chunk.subarray(0, BOM.length).equals(BOM) ? chunk.subarray(BOM.length) : chunk);
    isFirst = false;
  }
  yield* splitter.end();
}
