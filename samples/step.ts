import { agents } from './data/people.ts';
import { writeLetter } from './letter.ts';
import { listMail, newsletter } from './machine/bulk.ts';
import { bounce, outOfOffice, receipt } from './machine/reports.ts';
import { calendarOnly, emptyMail, forwarded, internalMail } from './machine/special.ts';
import type { Context, Matter } from './matter.ts';
import type { OtherStep, Step } from './quirks.ts';
import type { SampleMail } from './types.ts';

type Writer = (matter: Matter, date: Date, context: Context) => SampleMail;

const others: Readonly<Record<OtherStep, Writer>> = {
  misdirected: (matter, date, context) => writeLetter(matter, 'answer', date, context, { misdirected: true }),
  again: (matter, date, context) =>
    writeLetter(matter, 'reminder', date, context, { messageId: matter.last?.messageId ?? '' }),
  bounce,
  'out-of-office': outOfOffice,
  receipt,
  forward: forwarded,
  internal: (matter, date, context) =>
    internalMail(matter, agents.find(agent => agent !== matter.agent) ?? matter.agent, date, context),
  list: listMail,
  newsletter,
  calendar: calendarOnly,
  empty: emptyMail,
};

/** Writes the mail of one step; letters become part of the thread, what machines send doesn't. */
export const writeStep = (matter: Matter, step: Step, date: Date, context: Context): SampleMail => {
  const other = others[step as OtherStep];
  return other ? other(matter, date, context) : writeLetter(matter, step as Exclude<Step, OtherStep>, date, context);
};
