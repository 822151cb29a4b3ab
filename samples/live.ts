import { newcomer } from './data/people.ts';
import { type MailOptions, makeMailbox } from './generate.ts';
import type { Matter } from './matter.ts';
import type { Step } from './quirks.ts';
import type { Random } from './random.ts';
import { writeStep } from './step.ts';
import type { SampleMail } from './types.ts';

/** After this many mails a matter is left in peace. */
const LONGEST = 8;
/** which of the day's mails comes from someone unknown */
const UNKNOWN = 4;

const lastIsOurs = (matter: Matter): boolean => matter.last?.from.email === matter.agent.email;

/** Who is to write next in a matter, and what. */
const nextStep = (matter: Matter, random: Random): Step => {
  if (!lastIsOurs(matter)) return matter.topic.by === 'contact' && matter.references.length === 1 ? 'answer' : 'done';
  return random.pick<Step>(matter.references.length > 3 ? ['thanks', 'thanks', 'more'] : ['more', 'more', 'thanks']);
};

const fresh = (matter: Matter): Matter => ({ ...matter, steps: ['ask'], quirk: {} });

/** A new matter of a known contact who writes first. */
const openMatter = (open: () => Matter): Matter => {
  for (;;) {
    const matter = open();
    if (matter.topic.by === 'contact' && matter.contact.organisation) return fresh(matter);
  }
};

/** The first words of someone whom nobody knows. */
const strange = (matter: Matter): Matter => ({ ...matter, contact: newcomer, address: newcomer.email });

/** A matter that may go on: the newest are the likeliest. */
const goOn = (recent: readonly Matter[], random: Random): Matter | undefined => {
  const open = recent.filter(matter => matter.last && matter.references.length < LONGEST);
  return open[open.length - 1 - Math.floor(random.next() ** 2 * open.length)];
};

/**
 * A day at the support desk that goes on from the mailbox of `generateMails` with the same options: replies in its
 * threads, new matters of known contacts, our answers, and one unknown sender. Never ends; each mail has the date
 * that `clock` gives when it is asked for.
 */
export function* liveMails(options: MailOptions & { clock?: () => Date }): Generator<SampleMail, never> {
  const { clock = () => new Date() } = options;
  const { mails, recent, desk, random } = makeMailbox(options);
  for (const _ of mails());
  for (let n = 1; ; n++) {
    const date = clock();
    const known = n !== UNKNOWN && random.chance(0.6) ? goOn(recent, random) : undefined;
    const matter = known ?? openMatter(() => desk.open(date, 1));
    const whose = n === UNKNOWN ? strange(matter) : matter;
    const mail = writeStep(whose, known ? nextStep(known, random) : 'ask', date, desk.context);
    if (!known) recent.push(whose);
    if (recent.length > 60) recent.shift();
    yield mail;
  }
}
