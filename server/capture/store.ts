import { sumOf } from '../../models/types.ts';
import { isConflict } from '../store/transaction.ts';
import { makeCommit } from './commit.ts';
import { makePrepare } from './prepare.ts';
import {
  type CaptureDeps,
  type Committed,
  type Origin,
  PlanError,
  type Prepared,
  type PreparedBatch,
  type PreparedFailure,
} from './types.ts';

/** BadValue (2), BSONObjectTooLarge (10334), and that a document would be too large once it is updated (17419) */
const UNWRITABLE = new Set<unknown>([2, 10334, 17419]);

/** What trying again can't help: the item is too large for BSON or not expressible in it, or what it changes can't be worked out. */
const isItemsFault = (error: unknown): boolean => {
  const { name = '', code } = error as { name?: string; code?: unknown };
  return (
    error instanceof PlanError ||
    name.startsWith('BSON') ||
    name === 'RangeError' ||
    name === 'MongoInvalidArgumentError' ||
    UNWRITABLE.has(code)
  );
};

/** `id`: of its row in quarantine. */
const asFailure = (id: string, { item, original, from }: Prepared, error: unknown): PreparedFailure => ({
  id,
  failed: {
    locator: item.sourceKey,
    reason: `It could not be stored: ${error instanceof Error ? error.name : 'unknown error'}.`,
    ...(item.raw ? { raw: item.raw, size: item.raw.size } : {}),
    ...(item.sighting ? { sighting: item.sighting } : {}),
    ...(item.beside ? { beside: item.beside } : {}),
  },
  ...(original ? { original } : {}),
  ...(from ? { from } : {}),
});

const add = (a: Committed, b: Committed): Committed => ({
  counts: sumOf([a.counts, b.counts]),
  outcomes: [...a.outcomes, ...b.outcomes],
});

/**
 * Stores batches exactly once. `prepare` writes their bytes and may overlap; `commit` is one transaction, and goes one at a
 * time per checkpoint. Both throw only what their caller can retry, and LeaseLostError.
 */
export const makeCapture = (deps: CaptureDeps) => {
  const prepare = makePrepare(deps);
  const commitBatch = makeCommit(deps);

  const commitItem = async (
    origin: Origin,
    rest: Pick<PreparedBatch, 'batch' | 'replays'>,
    prepared: Prepared,
  ): Promise<Committed> => {
    try {
      return await commitBatch(origin, { ...rest, items: [prepared], failures: [] });
    } catch (error) {
      if (!isItemsFault(error)) throw error;
      const failure = asFailure(rest.replays ?? prepared.id, prepared, error);
      return commitBatch(origin, { ...rest, items: [], failures: [failure] });
    }
  };

  /** The checkpoint stays where it is until the last one: whoever is killed in between sees the first ones again, as duplicates. */
  const commitOneByOne = async (
    origin: Origin,
    { batch, items, failures, ...rest }: PreparedBatch,
  ): Promise<Committed> => {
    const before = { ...rest, batch: { ...batch, next: origin.checkpoint.position ?? {} } };
    let sum: Committed = { counts: sumOf([]), outcomes: [] };
    for (const item of items) sum = add(sum, await commitItem(origin, before, item));
    return add(sum, await commitBatch(origin, { batch, items: [], failures }));
  };

  const commit = async (origin: Origin, prepared: PreparedBatch): Promise<Committed> => {
    try {
      return await commitBatch(origin, prepared);
    } catch (error) {
      if (!isConflict(error) && !isItemsFault(error)) throw error;
      return commitOneByOne(origin, prepared);
    }
  };

  return { prepare, commit };
};

export type Capture = ReturnType<typeof makeCapture>;
