import { closeSync, mkdirSync, openSync, utimesSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { generateContacts } from './contacts.ts';
import { generateMails } from './generate.ts';
import { mboxEntry } from './mbox.ts';
import type { SampleMail } from './types.ts';

/** Takes mails in, in order of date. */
interface Sink {
  put(mail: SampleMail): void;
  close(): void;
}

/** One file a mail, in a folder for each mailbox folder; files bear the mails' dates. */
const emlSink = (out: string): Sink => {
  let n = 0;
  const made = new Set<string>();
  return {
    put: ({ folder, raw, date }) => {
      const dir = join(out, folder);
      if (!made.has(dir)) mkdirSync(dir, { recursive: true });
      made.add(dir);
      const path = join(dir, `${String(++n).padStart(6, '0')}.eml`);
      writeFileSync(path, raw);
      utimesSync(path, date, date);
    },
    close: () => {},
  };
};

/** One mbox for each folder. */
const mboxSink = (out: string): Sink => {
  const files = new Map<string, number>();
  mkdirSync(out, { recursive: true });
  return {
    put: mail => {
      const file = files.get(mail.folder) ?? openSync(join(out, `${mail.folder}.mbox`), 'w');
      files.set(mail.folder, file);
      writeSync(file, mboxEntry(mail));
    },
    close: () => {
      for (const file of files.values()) closeSync(file);
    },
  };
};

/** A Maildir++: INBOX at the top, other folders in .NAME; a server takes the file's date for INTERNALDATE. */
const maildirSink = (out: string): Sink => {
  let n = 0;
  const made = new Set<string>();
  const cur = (folder: string): string => {
    const dir = folder === 'INBOX' ? out : join(out, `.${folder}`);
    if (!made.has(folder)) for (const part of ['cur', 'new', 'tmp']) mkdirSync(join(dir, part), { recursive: true });
    made.add(folder);
    return join(dir, 'cur');
  };
  return {
    put: ({ folder, raw, date }) => {
      const name = `${Math.floor(date.getTime() / 1000)}.M${++n}P1.samples,S=${raw.length}:2,S`;
      const path = join(cur(folder), name);
      writeFileSync(path, raw);
      utimesSync(path, date, date);
    },
    close: () => {},
  };
};

const sinks: Readonly<Record<string, (out: string) => Sink>> = { eml: emlSink, mbox: mboxSink, maildir: maildirSink };

const whole = (text: string): number => {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('a whole number is wanted');
  return Number(text);
};

const moment = (text: string): Date => {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) throw new InvalidArgumentError('a date is wanted, such as 2026-03-01');
  return date;
};

interface Options {
  out: string;
  count: number;
  seed: number;
  format: string;
  now: Date;
  meanBytes: number;
  contacts?: string;
}

const write = ({ out, count, seed, format, now, meanBytes, contacts }: Options): void => {
  const sink = (sinks[format] ?? emlSink)(out);
  let bytes = 0;
  for (const mail of generateMails({ seed, count, now, meanBytes })) {
    sink.put(mail);
    bytes += mail.raw.length;
  }
  sink.close();
  if (contacts) writeFileSync(contacts, generateContacts({ seed, now }).contacts);
  console.error(`${count} mails, ${(bytes / 1e6).toFixed(1)} MB, in ${out}`);
};

new Command('write')
  .description('Writes sample mail of a support desk')
  .requiredOption('--out <dir>', 'folder to write into')
  .option('--count <n>', 'how many mails', whole, 320)
  .option('--seed <n>', 'the same seed gives the same mails', whole, 1)
  .addOption(new Option('--format <format>', 'how to write them').choices(Object.keys(sinks)).default('eml'))
  .option('--now <date>', 'no mail is later; they cover the two years before', moment, new Date())
  .option('--mean-bytes <n>', 'mean size of a mail', whole, 36_000)
  .option('--contacts <file>', 'also write the register as CSV')
  .exitOverride(error => process.exit(error.exitCode === 0 ? 0 : 2))
  .action(write)
  .parse();
