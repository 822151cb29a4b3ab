import { makeContacts } from './contacts.ts';
import { agents, strangers } from './data/people.ts';
import { fillIn, makeFacts } from './facts.ts';
import { MOST_NOISE } from './files/file.ts';
import type { Context, Matter } from './matter.ts';
import { type Oddity, oddities, type Step } from './quirks.ts';
import type { Random } from './random.ts';
import { topics } from './texts/index.ts';
import type { Contact, Person } from './types.ts';

const DAY = 86_400_000;

/** How a matter usually goes, the commonest first; repeated for its weight. */
const COURSES: readonly (readonly Step[])[] = [
  ['ask', 'answer'],
  ['ask', 'answer'],
  ['ask', 'answer', 'thanks'],
  ['ask', 'answer', 'more', 'done'],
  ['ask', 'answer', 'more', 'done', 'thanks'],
  ['ask', 'reminder', 'answer', 'thanks'],
  ['ask'],
];
/** Of a matter that the desk opens, most get no answer. */
const NOTICES: readonly (readonly Step[])[] = [
  ['ask'],
  ['ask'],
  ['ask', 'answer'],
  ['ask', 'more', 'done'],
  ['ask', 'out-of-office'],
];

/** Topics whose bookings are over. */
const PAST: ReadonlySet<string> = new Set(['complaint', 'api']);

/** Keeps the mean size of mails near `meanBytes` by what their files may take. */
export const makeSizer = (meanBytes: number, random: Random): { filling(): number; spent(bytes: number): void } => {
  let saved = 0;
  return {
    filling: () => Math.min(MOST_NOISE, Math.max(4_000, (saved + meanBytes) * random.skewed(0.9))),
    spent: bytes => {
      saved += meanBytes - bytes;
    },
  };
};

export interface Desk {
  /** A matter that comes up at `date`, none of its mails written yet; `longest` bounds how many there will be. */
  open(date: Date, longest: number): Matter;
  context: Context;
}

interface People {
  contacts: readonly Contact[];
  /** those who have not written yet */
  silent: Set<Contact>;
  now: Date;
}

/** Whether the contact's own relationship and that of the organisation last at `date`. */
const active = (contact: Contact, date: Date, now: Date): boolean => {
  const daysAgo = (now.getTime() - date.getTime()) / DAY;
  // a date may also be days after `now`: the living day goes on
  const never = Number.NEGATIVE_INFINITY;
  return daysAgo > Math.max(contact.endedDaysAgo ?? never, contact.organisation.endedDaysAgo ?? never);
};

/** Someone who writes often, or every other time someone who hasn't written yet. */
const someone = ({ contacts, silent, now }: People, date: Date, random: Random): Contact => {
  const present = contacts.filter(contact => active(contact, date, now));
  const first = present.filter(contact => silent.has(contact));
  const list = first.length > 0 && random.chance(0.5) ? first : present;
  const chosen =
    list === first ? random.pick(first) : (list[Math.floor(random.next() ** 1.6 * list.length)] as Contact);
  silent.delete(chosen);
  return chosen;
};

const whoWrites = (oddity: Oddity | undefined, people: People, date: Date, random: Random): Person => {
  const who = oddity?.who;
  if (typeof who === 'number') return strangers[who] as Person;
  const named = typeof who === 'string' ? people.contacts.find(contact => contact.last === who) : undefined;
  return named ?? someone(people, date, random);
};

/** Matters to each oddity at the beginning: few enough that all of them have their turn in `matters`. */
const betweenOddities = (matters: number): number => Math.min(3, (0.75 * matters) / oddities.length);

/** Oddities in turn until each has been; after that, one matter in twelve is one. */
const makeOddities = (now: Date, matters: number, random: Random): ((date: Date) => Oddity | undefined) => {
  const waiting = random.shuffle(oddities);
  const again = oddities.filter(oddity => !oddity.once);
  const apart = betweenOddities(matters);
  let opened = 0;
  return date => {
    opened++;
    if (waiting.length === 0) return random.chance(1 / 12) ? random.pick(again) : undefined;
    const daysAgo = (now.getTime() - date.getTime()) / DAY;
    const turn = Math.floor(opened / apart) > Math.floor((opened - 1) / apart);
    const at = turn ? waiting.findIndex(({ within }) => within === undefined || daysAgo < within) : -1;
    return at < 0 ? undefined : waiting.splice(at, 1)[0];
  };
};

const topicFor = (person: Person, oddity: Oddity | undefined, random: Random): Matter['topic'] => {
  const list = topics[person.lang];
  const named = oddity?.topic ? list.find(topic => topic.id === oddity.topic) : undefined;
  return named ?? random.pick(oddity ? list.filter(topic => topic.by === 'contact') : list);
};

const addressOf = (person: Person, random: Random): string =>
  person.also && random.chance(0.2) ? person.also : person.email;

/** The desk and its customers; everything it does follows from `random`, whose seed made the contacts too. */
export const makeDesk = (options: {
  seed: number;
  now: Date;
  meanBytes: number;
  /** how many matters there will be, roughly */
  matters: number;
  random: Random;
}): Desk & { spent(bytes: number): void } => {
  const { seed, now, meanBytes, random } = options;
  const contacts = makeContacts(seed);
  const people = { contacts, silent: new Set(contacts), now };
  const nextOddity = makeOddities(now, options.matters, random);
  const sizer = makeSizer(meanBytes, random);
  const open = (date: Date, longest: number): Matter => {
    const oddity = nextOddity(date);
    const contact = whoWrites(oddity, people, date, random);
    const topic = topicFor(contact, oddity, random);
    const facts = makeFacts(contact.lang, date, contact.zone, random, PAST.has(topic.id));
    const course = oddity?.steps ?? random.pick(topic.by === 'agent' ? NOTICES : COURSES);
    return {
      contact,
      address: oddity ? contact.email : addressOf(contact, random),
      agent: agents.find(agent => agent.lang === contact.lang && random.chance(0.9)) ?? random.pick(agents),
      lang: contact.lang,
      topic,
      facts,
      subject: fillIn(random.pick(topic.subjects), facts),
      steps: course.slice(0, Math.max(1, longest)),
      quirk: oddity?.quirk ?? {},
      references: [],
    };
  };
  return { open, context: { random, filling: sizer.filling }, spent: sizer.spent };
};
