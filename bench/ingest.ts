import { makeMailbox, supportMails } from '../test/faults/mailbox.ts';
import { type Bench, type Figure, median, megabytes, sizeOf } from './harness/figure.ts';
import { floorRound } from './harness/floor.ts';
import { type IntakeRound, intakeRound } from './harness/intake.ts';

const MEMORY_GOAL = 512 * 1024 * 1024;
const BYTES_GOAL = 0.75;
const RATIO_GOAL = 2;

/** Both take the mailbox in, one after the other, and the other way round the next time. */
const pairs = async (mails: number, rounds: number, say: (line: string) => void) => {
  const mailbox = await makeMailbox(supportMails({ count: mails, seed: 1 }));
  await mailbox.deliver();
  await floorRound(mailbox); // Dovecot's indexes and the page cache are warm for both from here on
  const done: { floor: number; hub: IntakeRound }[] = [];
  for (let round = 0; round < rounds; round++) {
    const first = round % 2 === 0 ? await floorRound(mailbox) : undefined;
    const hub = await intakeRound(mailbox);
    const floor = first ?? (await floorRound(mailbox));
    done.push({ floor: mails / floor.seconds, hub });
    say(`floor ${(mails / floor.seconds).toFixed(0)}, hub ${(mails / hub.seconds).toFixed(0)} mails/s`);
  }
  await mailbox.stop();
  return done;
};

const memoryFigure = (peak: number, mails: number): Figure => ({
  figure: `peak memory of the hub, all its threads, taking in ${mails} mails`,
  floor: '',
  measured: megabytes(peak),
  goal: '< 512 MB',
  met: peak < MEMORY_GOAL,
  numbers: { peakBytes: peak },
});

const bytesFigure = ({ stored, bytes }: IntakeRound): Figure => {
  const share = stored.database / bytes;
  return {
    figure: 'bytes stored (storageSize + indexSize after fsync, originals included) / bytes of mail',
    floor: megabytes(bytes),
    measured: `${share.toFixed(2)} (${megabytes(stored.database)}; the oplog beside it ${megabytes(stored.oplog)})`,
    goal: '≤ 0.75',
    met: share <= BYTES_GOAL,
    numbers: { share, database: stored.database, oplog: stored.oplog, mail: bytes },
  };
};

/** Mail from Dovecot to the timeline against the plain program; and what the hub needs for it in memory and on disk. */
export const ingest: Bench = async ({ quick, say }) => {
  const mails = sizeOf('BENCH_MAILS', quick ? 300 : 5000);
  const done = await pairs(mails, sizeOf('BENCH_ROUNDS', quick ? 1 : 3), say);
  const ratio = median(done.map(({ floor, hub }) => mails / hub.seconds / floor));
  const floor = median(done.map(each => each.floor));
  const rate = median(done.map(({ hub }) => mails / hub.seconds));
  const hubs = done.map(({ hub }) => hub);
  const meanBytes = (hubs[0]?.bytes ?? 0) / mails;
  const speed: Figure = {
    figure: `mail ingest, Dovecot → on the timeline, ${mails} mails of ${(meanBytes / 1000).toFixed(0)} KB on average`,
    floor: `${floor.toFixed(0)} mails/s`,
    measured: `${ratio.toFixed(2)} × floor (${rate.toFixed(0)} mails/s)`,
    goal: '≥ 2 × floor',
    met: ratio >= RATIO_GOAL,
    numbers: { ratio, floor, rate, rounds: done.length },
  };
  const peak = Math.max(...hubs.map(({ peakBytes }) => peakBytes));
  return [speed, memoryFigure(peak, mails), ...hubs.slice(0, 1).map(bytesFigure)];
};
