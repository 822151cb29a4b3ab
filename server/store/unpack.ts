import { encodeLines, lineBytes, type Run, strideOf } from './base64-runs.ts';

export interface Range {
  start: number;
  /** exclusive */
  end: number;
}

/** A stretch of the original, and where its bytes are kept. */
interface Segment {
  at: number;
  end: number;
  packedAt: number;
  /** unset: kept as it stands */
  run?: Run;
}

function* segmentsOf(runs: readonly Run[], length: number): Generator<Segment> {
  let at = 0;
  let packedAt = 0;
  for (const run of runs) {
    if (run.at > at) yield { at, end: run.at, packedAt };
    packedAt += run.at - at;
    at = run.at + run.lines * strideOf(run);
    yield { at: run.at, end: at, packedAt, run };
    packedAt += run.lines * lineBytes(run);
  }
  if (length > at) yield { at, end: length, packedAt };
}

interface Piece {
  run?: Run;
  /** of its first byte, in the original */
  at: number;
  packed: Range;
}

/** What has to be read of a segment for a range: whole lines of a run. */
const pieceOf = ({ at, end, packedAt, run }: Segment, range: Range): Piece => {
  const from = Math.max(range.start, at) - at;
  const to = Math.min(range.end, end) - at;
  if (!run) return { at: at + from, packed: { start: packedAt + from, end: packedAt + to } };
  const first = Math.floor(from / strideOf(run));
  const last = Math.ceil(to / strideOf(run));
  const packed = { start: packedAt + first * lineBytes(run), end: packedAt + last * lineBytes(run) };
  return { run, at: at + first * strideOf(run), packed };
};

/** Takes bytes off a stream: at most `most`, and a multiple of `unit`. Throws when the stream is over before that. */
const makeTaker = (source: AsyncIterator<Buffer>) => {
  let rest: Buffer = Buffer.alloc(0);
  return async (unit: number, most: number): Promise<Buffer> => {
    while (rest.length < unit) {
      const { value, done } = await source.next();
      if (done) throw new Error('A blob is shorter than what was written.');
      rest = rest.length === 0 ? value : Buffer.concat([rest, value]);
    }
    const taken = rest.subarray(0, Math.min(most, rest.length - (rest.length % unit)));
    rest = rest.subarray(taken.length);
    return taken;
  };
};

/** The bytes of a range of the original, `length` bytes long as a whole, from what `open` reads of what is kept (Packed.data). */
export async function* unpack(
  open: (packed: Range) => AsyncIterable<Buffer>,
  runs: readonly Run[],
  length: number,
  range: Range,
): AsyncGenerator<Buffer> {
  const pieces = [...segmentsOf(runs, length)]
    .filter(({ at, end }) => Math.max(at, range.start) < Math.min(end, range.end))
    .map(segment => pieceOf(segment, range));
  const [first, last] = [pieces[0], pieces.at(-1)];
  if (!first || !last) return;
  const source = open({ start: first.packed.start, end: last.packed.end })[Symbol.asyncIterator]();
  try {
    const take = makeTaker(source);
    for (const { run, at, packed } of pieces) {
      let place = at;
      for (let left = packed.end - packed.start; left > 0; ) {
        const taken = await take(run ? lineBytes(run) : 1, left);
        left -= taken.length;
        const bytes = run ? encodeLines(taken, run) : taken;
        const wanted = bytes.subarray(Math.max(range.start - place, 0), Math.max(range.end - place, 0));
        place += bytes.length;
        if (wanted.length > 0) yield wanted;
      }
    }
  } finally {
    await source.return?.();
  }
}
