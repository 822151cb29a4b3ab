import type { CheckpointDoc } from '../../models/checkpoints.ts';
import type { ImportDoc } from '../../models/imports.ts';
import type { Models } from '../../models/index.ts';
import { type Counts, sumOf } from '../../models/types.ts';
import { checkpointId } from '../rules/keys.ts';
import { IMPORTED, importStream } from '../rules/streams.ts';
import { native } from '../store/native.ts';
import { inTransaction } from '../store/transaction.ts';
import { blankCheckpoint } from './checkpoints.ts';

type Job = Pick<ImportDoc, '_id' | 'account' | 'files'>;

/** Only imports of contacts belong to none, and those have no checkpoints. */
const ownerOf = ({ account }: Job): string => account ?? '';

const checkpointsOf = (job: Job): string[] =>
  job.files.map((_, file) => checkpointId(ownerOf(job), importStream(job._id, file)));

const countsIn = (checkpoints: readonly Pick<CheckpointDoc, 'counts'>[]): Counts =>
  sumOf(checkpoints.map(({ counts }) => counts));

/** What was captured of an import's files by now. */
export const countsOfImport = async (models: Models, job: Job): Promise<Counts> =>
  countsIn(
    await native(models.checkpoints)
      .find({ _id: { $in: checkpointsOf(job) } }, { projection: { counts: 1 } })
      .toArray(),
  );

/**
 * Adds the counts of an import that has ended to one checkpoint of its account, and deletes the checkpoints of its files: so an account's counts are read from
 * a few checkpoints, not from one for each file that was ever imported.
 */
export const foldImport = (models: Models, job: Job): Promise<void> =>
  inTransaction(models.connection, async session => {
    const checkpoints = native(models.checkpoints);
    const ended = { _id: { $in: checkpointsOf(job) } };
    const { stored, duplicate, quarantined } = countsIn(await checkpoints.find(ended, { session }).toArray());
    const { counts, ...blank } = blankCheckpoint;
    await checkpoints.deleteMany(ended, { session });
    await checkpoints.updateOne(
      { _id: checkpointId(ownerOf(job), IMPORTED) },
      {
        $inc: { 'counts.stored': stored, 'counts.duplicate': duplicate, 'counts.quarantined': quarantined },
        $setOnInsert: { account: ownerOf(job), stream: IMPORTED, token: 0, ...blank },
      },
      { upsert: true, session },
    );
  });
