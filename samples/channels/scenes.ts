import { makeContacts } from '../contacts.ts';
import { fillParagraph, makeFacts } from '../facts.ts';
import { makeRandom, type Random } from '../random.ts';
import { recordCall, type Turn } from '../sound/call.ts';
import type { Contact } from '../types.ts';
import { fullName, numberOf } from './person.ts';
import { sayings } from './texts.ts';

/** Something that happens at the desk while one watches. `delivered` false: the network can't reach that number. */
export type Scene =
  | { kind: 'sms'; number: string; name: string; ask: string; answer: string }
  | { kind: 'notice'; number: string; text: string; delivered: boolean }
  | {
      kind: 'call';
      number: string | null;
      answered: boolean;
      wav?: Uint8Array<ArrayBuffer>;
      seconds: number;
      text: string;
    }
  | { kind: 'chat'; name: string; email: string; signed: boolean; lines: readonly string[] }
  | { kind: 'booking'; email: string; name: string; subject: string; data: object };

const ORDER = ['chat', 'call', 'sms', 'booking', 'notice', 'call', 'chat', 'missed'] as const;

const callScene = (contact: Contact, fill: (text: string) => string, random: Random): Scene => {
  const turns: Turn[] = random.pick(sayings[contact.lang].calls).map((text, n) => ({
    speaker: n % 2 === 0 ? 'agent' : 'contact',
    text: fill(text),
  }));
  const { wav, seconds } = recordCall(turns, random.bits());
  const text = turns.map(turn => turn.text).join(' ');
  return { kind: 'call', number: numberOf(contact), answered: true, wav, seconds, text };
};

const sceneOf = (what: (typeof ORDER)[number], contact: Contact, now: Date, random: Random): Scene => {
  const facts = makeFacts(contact.lang, now, contact.zone, random);
  const fill = (text: string) => fillParagraph(text, facts);
  const { sms, notices, chats } = sayings[contact.lang];
  const number = numberOf(contact);
  const name = fullName(contact);
  if (what === 'call') return callScene(contact, fill, random);
  if (what === 'missed')
    return { kind: 'call', number: random.chance(0.3) ? null : number, answered: false, seconds: 0, text: '' };
  if (what === 'notice')
    return { kind: 'notice', number, text: fill(random.pick(notices)), delivered: random.chance(0.7) };
  if (what === 'chat')
    return {
      kind: 'chat',
      name,
      email: contact.email,
      signed: random.chance(0.7),
      lines: random.pick(chats).map(fill),
    };
  if (what === 'booking') {
    const { room, date, time, time2, booking } = facts;
    const data = { booking, room, date, from: time, to: time2 };
    return { kind: 'booking', email: contact.email, name, subject: `${room}, ${date} ${time}–${time2}`, data };
  }
  const [ask, answer] = random.pick(sms).map(fill) as [string, string];
  return { kind: 'sms', number, name, ask, answer };
};

/** What happens besides mail: never ends; each scene is of the moment when it is asked for. */
export function* liveScenes({
  seed,
  clock = () => new Date(),
}: {
  seed: number;
  clock?: () => Date;
}): Generator<Scene, never> {
  const random = makeRandom(seed ^ clock().getTime());
  const contacts = makeContacts(seed).filter(
    ({ endedDaysAgo, organisation }) => !endedDaysAgo && !organisation.endedDaysAgo,
  );
  for (let n = 0; ; n++) {
    const contact = contacts[Math.floor(random.next() ** 1.5 * contacts.length)] as Contact;
    yield sceneOf(ORDER[n % ORDER.length] as (typeof ORDER)[number], contact, clock(), random);
  }
}
