import type { Checkpoints, Position } from '../../connectors/contract.ts';
import type { Models } from '../../models/index.ts';
import { sumOf } from '../../models/types.ts';
import { checkpointId } from '../rules/keys.ts';
import { native } from '../store/native.ts';
import { isDuplicateKey } from '../store/transaction.ts';
import { type CheckpointRef, LeaseLostError } from './types.ts';

export interface HeldCheckpoints extends Checkpoints {
  /** The checkpoint of a stream for the next commit. */
  ref(stream: string): Promise<CheckpointRef>;
}

/** A checkpoint that was never moved. */
export const blankCheckpoint = {
  position: null,
  seq: 0,
  uidValidity: null,
  present: null,
  held: null,
  missing: null,
  comparedAt: null,
  counts: sumOf([]),
};

/** Ascending union of two ascending streams of UIDs. */
async function* merged(a: AsyncIterable<number>, b: readonly number[]): AsyncIterable<number> {
  let index = 0;
  for await (const uid of a) {
    while (index < b.length && (b[index] as number) < uid) yield b[index++] as number;
    if (b[index] === uid) index++;
    yield uid;
  }
  yield* b.slice(index);
}

/** The checkpoints of one account under one lease. Reading one makes it ours: an older holder can't move it any more. */
export const makeCheckpoints = (
  models: Models,
  account: string,
  token: number,
  reportLag: Checkpoints['lag'],
): HeldCheckpoints => {
  const refs = new Map<string, Promise<CheckpointRef>>();
  const rows = native(models.checkpoints);

  /** An upsert that finds a newer token, or another claim of the same moment, tries to insert and meets the `_id`. */
  const claim = async (stream: string, again = true): Promise<CheckpointRef> => {
    const id = checkpointId(account, stream);
    const claimed = await rows
      .findOneAndUpdate(
        { _id: id, token: { $lte: token } },
        { $set: { token }, $setOnInsert: { account, stream, ...blankCheckpoint } },
        { upsert: again, returnDocument: 'after', includeResultMetadata: false },
      )
      .catch(error => {
        if (!isDuplicateKey(error)) throw error;
        return null;
      });
    if (claimed) {
      const { seq, position, uidValidity } = claimed;
      return { id, stream, seq, token, position, uidValidity };
    }
    if (again) return claim(stream, false);
    throw new LeaseLostError(id);
  };

  const ref = (stream: string): Promise<CheckpointRef> => {
    const there = refs.get(stream);
    if (there) return there;
    const claimed = claim(stream);
    refs.set(stream, claimed);
    claimed.catch(() => refs.delete(stream)); // the next one that asks tries again
    return claimed;
  };

  async function* sighted(stream: string, uidValidity: string, after: number): AsyncIterable<number> {
    const cursor = native(models.sightings)
      .find(
        { account, folder: stream, uidValidity, uid: { $gt: after } },
        { projection: { _id: 0, uid: 1 }, sort: { uid: 1 }, batchSize: 10_000 },
      )
      .hint({ account: 1, folder: 1, uidValidity: 1, uid: 1 });
    for await (const { uid } of cursor) yield uid;
  }

  return {
    ref,
    get: async (stream: string): Promise<Position | null> => (await ref(stream)).position,
    async *held(stream, uidValidity, after = 0) {
      const open = await native(models.quarantine)
        .find({ account, stream, state: 'open', 'sighting.uidValidity': uidValidity })
        .toArray();
      const quarantined = open.flatMap(({ sighting }) => (sighting && sighting.uid > after ? [sighting.uid] : []));
      yield* merged(
        sighted(stream, uidValidity, after),
        quarantined.sort((a, b) => a - b),
      );
    },
    async compared(stream, { held, missing }) {
      await rows.updateOne(
        { _id: checkpointId(account, stream), token },
        { $set: { held, missing, comparedAt: new Date() } },
      );
    },
    lag: reportLag,
  };
};
