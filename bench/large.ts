import { createCipheriv } from 'node:crypto';
import { type Incoming, makeMailbox } from '../test/faults/mailbox.ts';
import { type Bench, megabytes, sizeOf } from './harness/figure.ts';
import { intakeRound } from './harness/intake.ts';

const MEMORY_GOAL = 512 * 1024 * 1024;
const MB = 1_000_000;
const LINE = 57;

/** Bytes that no compressor shortens, the same for the same number. */
const noise = (length: number, n: number): Buffer =>
  createCipheriv('aes-128-ctr', Buffer.alloc(16, n + 1), Buffer.alloc(16)).update(Buffer.alloc(length));

/** A file in base64, 76 characters a line. */
const base64Lines = (bytes: Buffer): Buffer => {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += LINE) lines.push(bytes.toString('base64', at, at + LINE));
  return Buffer.from(`${lines.join('\r\n')}\r\n`, 'latin1');
};

const largeMail = (n: number, size: number): Incoming => {
  const date = new Date(Date.UTC(2026, 10, 1 + n, 9));
  const head = [
    `From: Film archive <archive${n}@kuusilahti.example>`,
    'To: tuki@varaamo.example',
    `Date: ${date.toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <large-${n}@kuusilahti.example>`,
    `Subject: Recording ${n} of the hall`,
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary="part"',
    '',
    '--part',
    'Content-Type: text/plain; charset=utf-8',
    '',
    `Here is recording ${n}, as agreed.`,
    '--part',
    'Content-Type: video/mp4',
    'Content-Transfer-Encoding: base64',
    `Content-Disposition: attachment; filename="hall-${n}.mp4"`,
    '',
    '',
  ].join('\r\n');
  const file = base64Lines(noise(Math.floor(size * 0.73), n));
  return { folder: 'INBOX', raw: Buffer.concat([Buffer.from(head), file, Buffer.from('--part--\r\n')]), date };
};

function* largeMails(count: number, size: number): Generator<Incoming> {
  for (let n = 0; n < count; n++) yield largeMail(n, size);
}

/** Five mails of 100 MB: streamed from the mail server to the database, never whole in memory. */
export const large: Bench = async ({ quick }) => {
  const count = sizeOf('BENCH_LARGE_MAILS', quick ? 2 : 5);
  const size = sizeOf('BENCH_LARGE_MB', quick ? 20 : 100);
  const mailbox = await makeMailbox(largeMails(count, size * MB));
  await mailbox.deliver();
  const { peakBytes, seconds, bytes } = await intakeRound(mailbox);
  await mailbox.stop();
  return [
    {
      figure: `peak memory of the hub, all its threads, taking in ${count} mails of ${(bytes / count / MB).toFixed(0)} MB`,
      floor: '',
      measured: `${megabytes(peakBytes)} (in ${seconds.toFixed(1)} s)`,
      goal: '< 512 MB',
      met: peakBytes < MEMORY_GOAL,
      numbers: { peakBytes, seconds, bytes },
    },
  ];
};
