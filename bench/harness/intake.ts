import type { mongo } from 'mongoose';
import { type DataDir, makeDataDir } from '../../test/faults/data-dir.ts';
import { startHub } from '../../test/faults/hub.ts';
import type { Mailbox } from '../../test/faults/mailbox.ts';
import { until } from '../../test/faults/until.ts';

const LONGEST_MS = 1_800_000;

export interface StoredBytes {
  /** storageSize + indexSize of the hub's database, flushed */
  database: number;
  /** storageSize of local.oplog.rs */
  oplog: number;
}

export interface IntakeRound {
  mails: number;
  bytes: number;
  seconds: number;
  /** the most memory that the hub's process had resident, its worker threads included */
  peakBytes: number;
  stored: StoredBytes;
}

/** What lies on disk once everything is flushed. */
const storedBytes = async (data: DataDir): Promise<StoredBytes> => {
  const db = await data.db();
  await db.admin().command({ fsync: 1 });
  const { storageSize, indexSize } = await db.stats();
  const oplog = await (await data.db('local')).command({ collStats: 'oplog.rs' });
  return { database: storageSize + indexSize, oplog: oplog.storageSize };
};

/** Throws unless every mail is on the timeline, once. */
const verify = async (db: mongo.Db, mails: number): Promise<void> => {
  const onTimeline = (await db.collection('timeline').distinct('interaction')).length;
  const captured = await db.collection('interactions').countDocuments();
  if (onTimeline !== mails || captured !== mails)
    throw new Error(`${mails} mails, but ${captured} interactions, ${onTimeline} of them on the timeline.`);
};

/** Mails that were seen so far, by the checkpoints: these move in the commits that store the mails. (An estimated count knows uncommitted documents.) */
const seen = async (db: mongo.Db): Promise<number> => {
  const checkpoints = await db.collection('checkpoints').find().toArray();
  return checkpoints.reduce((sum, { counts }) => sum + counts.stored + counts.duplicate + counts.quarantined, 0);
};

/** Arguments that write CPU profiles of the hub and its workers to BENCH_CPU_PROF, when that is set. */
const profiling = (): string[] => {
  const dir = process.env.BENCH_CPU_PROF;
  return dir ? ['--cpu-prof', '--cpu-prof-dir', dir] : [];
};

/**
 * A hub on an empty data folder takes a mailbox in, all guarantees on. Timed from the request that adds the account to the
 * commit of the last mail.
 */
export const intakeRound = async (mailbox: Mailbox): Promise<IntakeRound> => {
  const { mails, bytes } = mailbox.delivered;
  const data = await makeDataDir();
  const hub = await startHub({ dataDir: data.path, nodeArguments: profiling() });
  const db = await data.db();
  const began = performance.now();
  await (await hub.api()).send('POST', '/accounts', mailbox.account());
  await until('the intake', async () => (await seen(db)) >= mails, LONGEST_MS, 5);
  const seconds = (performance.now() - began) / 1000;
  const peakBytes = await hub.peakBytes();
  await verify(db, mails);
  const stored = await storedBytes(data);
  await hub.stop();
  await data.remove();
  return { mails, bytes, seconds, peakBytes, stored };
};
