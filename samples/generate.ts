import { officeTime } from './clock.ts';
import { makeDesk } from './desk.ts';
import type { Matter } from './matter.ts';
import type { Step } from './quirks.ts';
import { makeRandom, type Random } from './random.ts';
import { writeStep } from './step.ts';
import type { SampleMail } from './types.ts';

export interface MailOptions {
  seed: number;
  /** how many mails */
  count: number;
  /** the mails cover the two years before; none is later */
  now: Date;
  /** mean size of a mail; below about 8 KB the texts alone are larger */
  meanBytes?: number;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const TWO_YEARS = 730 * 24 * HOUR;
/** mails of a matter, on average: how far apart matters open */
const PER_MATTER = 2.3;
/** how many matters are remembered for the live day */
const RECENT = 60;

const MACHINES: ReadonlySet<Step> = new Set(['bounce', 'out-of-office', 'receipt']);
const WAITS: Partial<Record<Step, number>> = {
  answer: 3,
  misdirected: 3,
  more: 5,
  done: 3,
  thanks: 4,
  reminder: 60,
  again: 0.2,
  internal: 1,
};

/** When the next mail of a matter comes after one at `date`. */
const nextDate = (step: Step, date: Date, zone: number, random: Random): Date => {
  if (MACHINES.has(step)) return new Date(date.getTime() + random.int(2, 90) * 1000);
  const wait = (WAITS[step] ?? 3) * HOUR * random.skewed(0.8) + MINUTE;
  return officeTime(new Date(date.getTime() + wait), zone, random);
};

interface Due {
  date: Date;
  matter: Matter;
}

/** What is to be written, the earliest first. */
const makeAgenda = () => {
  const list: Due[] = [];
  return {
    add: (due: Due): void => {
      let at = list.length;
      while (at > 0 && (list[at - 1] as Due).date > due.date) at--;
      list.splice(at, 0, due);
    },
    first: (): Due | undefined => list[0],
    take: (): Due | undefined => list.shift(),
  };
};

/** Times at which matters come up, evenly over two years and never after `end`. */
const makeOpenings = (end: number, random: Random) => {
  let at = end - TWO_YEARS;
  return {
    peek: (): number => at,
    /** moves on, given how many mails are still to be begun */
    advance: (left: number, last: number): void => {
      const apart = (end - at) / Math.max(1, left / PER_MATTER);
      at += apart * (0.3 + 1.4 * random.next());
      if (at >= end) at = last + (end - last) * random.next();
    },
  };
};

/** A mailbox being written: its mails in order of date, and the matters that were the last to be written in. */
export const makeMailbox = ({ seed, count, now, meanBytes = 36_000 }: MailOptions) => {
  const random = makeRandom(seed);
  const end = now.getTime() - MINUTE;
  const desk = makeDesk({ seed, now, meanBytes, matters: count / PER_MATTER, random });
  const agenda = makeAgenda();
  const openings = makeOpenings(end, random);
  const recent: Matter[] = [];

  const goOn = (matter: Matter, date: Date): number => {
    const [step] = matter.steps;
    const next = step && nextDate(step, date, matter.contact.zone, random);
    if (next && next.getTime() <= end) agenda.add({ date: next, matter });
    else {
      const dropped = matter.steps.length;
      matter.steps = [];
      if (matter.last) recent.push(matter);
      if (recent.length > RECENT) recent.shift();
      return dropped;
    }
    return 0;
  };

  function* mails(): Generator<SampleMail> {
    let left = count;
    let last = end - TWO_YEARS;
    for (let written = 0; written < count; written++) {
      while (left > 0 && (agenda.first()?.date.getTime() ?? Number.POSITIVE_INFINITY) >= openings.peek()) {
        const at = new Date(Math.max(openings.peek(), last));
        const office = officeTime(at, 2, random);
        const date = office.getTime() <= end ? office : at;
        const matter = desk.open(date, left);
        left -= matter.steps.length;
        agenda.add({ date, matter });
        openings.advance(left, Math.max(last, at.getTime()));
      }
      const due = agenda.take();
      const step = due?.matter.steps.shift();
      if (!due || !step) throw new Error('nothing to write');
      const mail = writeStep(due.matter, step, due.date, desk.context);
      desk.spent(mail.raw.length);
      left += goOn(due.matter, due.date);
      last = due.date.getTime();
      yield mail;
    }
  }
  return { mails, recent, desk, random };
};

/** `count` support mails over the two years before `now`, in order of arrival: the same for the same options. */
export function* generateMails(options: MailOptions): Generator<SampleMail> {
  yield* makeMailbox(options).mails();
}
