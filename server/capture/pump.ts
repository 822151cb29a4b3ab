import { type Account, type Batch, type Connector, ConnectorError } from '../../connectors/contract.ts';
import type { Models } from '../../models/index.ts';
import { NO_ROOM } from '../jobs/disk.ts';
import { native } from '../store/native.ts';
import type { HeldCheckpoints } from './checkpoints.ts';
import type { Capture } from './store.ts';
import type { CheckpointRef, PreparedBatch } from './types.ts';

const IN_FLIGHT = 3;

export interface PumpDeps {
  models: Models;
  capture: Capture;
  /** false: nothing more is taken in */
  hasRoom?(): boolean;
}

/** A folder that has another UIDVALIDITY than before holds none of what it held: those sightings are stale before the first new one is stored. */
const markStale = async (models: Models, account: string, { stream, uidValidity }: Batch, ref: CheckpointRef) => {
  if (uidValidity === undefined || ref.uidValidity === uidValidity) return;
  await native(models.sightings).updateMany(
    { account, folder: stream, uidValidity: { $ne: uidValidity }, stale: false },
    { $set: { stale: true } },
  );
  ref.uidValidity = uidValidity;
};

/**
 * Stores what a connector yields: bytes of up to three batches are written at once, their transactions go one at a time in
 * the order the batches came. Ends with the source; throws the first error, after which nothing more is committed.
 */
export const makePump =
  ({ models, capture, hasRoom = () => true }: PumpDeps) =>
  async (
    origin: { account: Account; connector: Connector },
    batches: AsyncIterable<Batch>,
    checkpoints: HeldCheckpoints,
    stop: AbortController,
  ): Promise<void> => {
    const { account, connector } = origin;
    let last: Promise<void> = Promise.resolve();
    const inFlight: Promise<void>[] = [];

    const commit = async (prepared: Promise<PreparedBatch>, { stream }: Batch): Promise<void> => {
      const checkpoint = await checkpoints.ref(stream);
      const ready = await prepared;
      stop.signal.throwIfAborted();
      await markStale(models, account.id, ready.batch, checkpoint);
      await capture.commit({ account, connector, checkpoint }, ready);
    };

    const store = (batch: Batch): Promise<void> => {
      const prepared = capture.prepare(account.id, connector, batch);
      prepared.catch(() => undefined); // seen by the commit, which may come to it only later
      const before = last;
      const done = before.then(() => commit(prepared, batch)).finally(() => dispose(batch));
      done.catch(error => stop.abort(error));
      return done;
    };

    try {
      for await (const batch of batches) {
        const isFull = !hasRoom();
        if (stop.signal.aborted || isFull) await dispose(batch);
        stop.signal.throwIfAborted();
        if (isFull) throw new ConnectorError('retry', NO_ROOM);
        last = store(batch);
        inFlight.push(last);
        if (inFlight.length >= IN_FLIGHT) await inFlight.shift();
      }
    } finally {
      await last.catch(() => undefined);
    }
    await last;
    if (stop.signal.reason instanceof Error && stop.signal.aborted) throw stop.signal.reason;
  };

const dispose = async ({ items }: Batch): Promise<void> => {
  for (const item of items) await item.dispose?.();
};
