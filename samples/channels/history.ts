import { officeTime } from '../clock.ts';
import { makeContacts } from '../contacts.ts';
import { agents } from '../data/people.ts';
import { type Facts, fillParagraph, makeFacts } from '../facts.ts';
import { makeRandom, type Random } from '../random.ts';
import { recordCall } from '../sound/call.ts';
import type { Contact, Person } from '../types.ts';
import { DESK_EXTENSION, DESK_NUMBER, fullName, numberOf } from './person.ts';
import { sayings } from './texts.ts';

const DAY = 86_400_000;
const MINUTE = 60_000;

/** A file as it is handed in. */
export interface SampleFile {
  name: string;
  bytes: Uint8Array<ArrayBuffer>;
}

/** What lies in the other systems of the desk, besides its mailboxes. */
export interface ChannelHistory {
  /** items for the generic webhook: text messages of an older gateway, register events of the booking system */
  posted: object[];
  /** a switch's call log (CSV with a header) and recordings that it names */
  calls: SampleFile[];
  /** exports of an earlier chat tool (Intercom's JSON) */
  chats: SampleFile[];
}

interface Occasion {
  contact: Contact;
  agent: Person;
  at: Date;
  facts: Facts;
}

const isCustomer = ({ startedDaysAgo, endedDaysAgo = 0 }: Contact, daysAgo: number): boolean =>
  daysAgo < startedDaysAgo && daysAgo > endedDaysAgo;

/** Moments of the last two years, the recent ones likelier, each with somebody who was a customer then. */
const makeOccasions = (contacts: readonly Contact[], now: Date, random: Random) => (): Occasion => {
  for (;;) {
    const daysAgo = 1 + 720 * random.next() ** 1.7;
    const contact = contacts[Math.floor(random.next() ** 1.5 * contacts.length)] as Contact;
    if (!isCustomer(contact, daysAgo)) continue;
    const at = officeTime(new Date(now.getTime() - daysAgo * DAY), contact.zone, random);
    if (at.getTime() > now.getTime() - 10 * MINUTE) continue;
    const agent = agents.find(({ lang }) => lang === contact.lang) ?? (agents[0] as Person);
    return { contact, agent, at, facts: makeFacts(contact.lang, at, contact.zone, random) };
  }
};

const later = (at: Date, minutes: number): string => new Date(at.getTime() + minutes * MINUTE).toISOString();

const textMessages = ({ contact, at, facts }: Occasion, n: number, random: Random): object[] => {
  const { sms, notices } = sayings[contact.lang];
  const customer = { type: 'phone', value: numberOf(contact), name: fullName(contact) };
  const ours = { type: 'phone', value: DESK_NUMBER };
  const message = (id: string, minutes: number, outbound: boolean, text: string) => ({
    type: 'interaction',
    id: `sms-${n}${id}`,
    channel: 'sms',
    direction: outbound ? 'outbound' : 'inbound',
    occurredAt: later(at, minutes),
    from: outbound ? ours : customer,
    to: [outbound ? customer : ours],
    text: fillParagraph(text, facts),
  });
  if (random.chance(0.35)) return [message('a', 0, true, random.pick(notices))];
  const [ask, answer] = random.pick(sms);
  return [message('a', 0, false, ask), message('b', random.int(2, 40), true, answer)];
};

/** Days that hold an event's own: what was booked, bought, or thought of it. */
const eventOf = ({ contact, at, facts }: Occasion, n: number, random: Random): object => {
  const event = random.pick(['booking', 'booking', 'booking', 'cancellation', 'order', 'purchase', 'feedback']);
  const common = {
    type: 'event',
    id: `event-${n}`,
    event,
    occurredAt: at.toISOString(),
    contact: { type: 'email', value: contact.email, name: fullName(contact) },
  };
  if (event === 'feedback') {
    const text = random.pick(sayings[contact.lang].feedback);
    return { ...common, subject: text, data: { rating: random.int(3, 5), text } };
  }
  if (event === 'order' || event === 'purchase') {
    const product = random.pick(['Kunta L, 12 kk', 'SMS 500', 'Door codes, 10 doors', 'Training, half a day']);
    return {
      ...common,
      subject: product,
      data: { product, price: facts.amount, currency: 'EUR', invoice: facts.invoice },
    };
  }
  const { room, date, time, time2, booking } = facts;
  return {
    ...common,
    subject: `${room}, ${date} ${time}–${time2}`,
    data: { booking, room, date, from: time, to: time2 },
  };
};

const COLUMNS = 'id,start,from,to,direction,duration,talk,answered,recording';

/** One line of the switch's log; the newest calls bring their recording. */
const callOf = ({ contact, at, facts }: Occasion, n: number, recorded: boolean, random: Random) => {
  const id = `${Math.floor(at.getTime() / 1000)}.${n}`;
  const outbound = random.chance(0.25);
  const answered = recorded || random.chance(0.75);
  const turns = random.pick(sayings[contact.lang].calls).map((text, at) => ({
    speaker: at % 2 === 0 ? ('agent' as const) : ('contact' as const),
    text: fillParagraph(text, facts),
  }));
  const recording = recorded ? recordCall(turns, random.bits()) : null;
  const talk = answered ? (recording?.seconds ?? random.int(40, 600)) : 0;
  const wait = random.int(4, 25);
  const anonymous = !outbound && !recorded && random.chance(0.08);
  const theirs = anonymous ? 'anonymous' : numberOf(contact);
  const name = recording ? `${id}.wav` : '';
  const cells = [
    id,
    at.toISOString(),
    outbound ? DESK_EXTENSION : theirs,
    outbound ? theirs : DESK_NUMBER,
    outbound ? 'outbound' : 'inbound',
    talk + wait,
    talk,
    answered ? 'answered' : 'no answer',
    name,
  ];
  return { line: cells.join(','), file: recording ? { name, bytes: recording.wav } : null };
};

const seconds = (at: Date, minutes: number): number => Math.floor(at.getTime() / 1000 + minutes * 60);

/** A conversation as Intercom exports it. */
const chatOf = ({ contact, agent, at, facts }: Occasion, n: number, random: Random): object => {
  const [first, ...others] = random.pick(sayings[contact.lang].chats).map(text => fillParagraph(text, facts));
  const customer = { type: 'user', name: fullName(contact), email: contact.email };
  const desk = { type: 'admin', id: '1', name: fullName(agent), email: agent.email };
  return {
    type: 'conversation',
    id: `chat-${n}`,
    created_at: seconds(at, 0),
    source: { id: `chat-${n}-0`, body: first, author: customer },
    conversation_parts: {
      conversation_parts: others.map((body, line) => ({
        id: `chat-${n}-${line + 1}`,
        part_type: 'comment',
        body,
        created_at: seconds(at, (line + 1) * 0.8),
        author: line % 2 === 0 ? desk : customer,
      })),
    },
  };
};

const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const list = <T>(count: number, make: (n: number) => T): T[] => Array.from({ length: count }, (_, n) => make(n));

export interface HistoryOptions {
  seed: number;
  now: Date;
  messages?: number;
  events?: number;
  calls?: number;
  recordings?: number;
  chats?: number;
}

/** Two years of the desk's other channels, for the contacts of `generateContacts` with the same seed. The same for the same options. */
export const channelHistory = (options: HistoryOptions): ChannelHistory => {
  const { seed, now, messages = 110, events = 90, calls = 70, recordings = 10, chats = 40 } = options;
  const random = makeRandom(seed ^ 0xca11);
  const occasion = makeOccasions(makeContacts(seed), now, random);
  const texts = list(messages, n => textMessages(occasion(), n, random)).flat();
  const register = list(events, n => eventOf(occasion(), n, random));
  const moments = list(calls, occasion).sort((a, b) => a.at.getTime() - b.at.getTime());
  const log = moments.map((moment, n) => callOf(moment, n, n >= calls - recordings, random));
  const csv = `${[COLUMNS, ...log.map(({ line }) => line)].join('\n')}\n`;
  return {
    posted: [...texts, ...register],
    calls: [{ name: 'calls.csv', bytes: encode(csv) }, ...log.flatMap(({ file }) => file ?? [])],
    chats: [{ name: 'chats.json', bytes: encode(JSON.stringify(list(chats, n => chatOf(occasion(), n, random)))) }],
  };
};
