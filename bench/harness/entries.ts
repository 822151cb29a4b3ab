import type { mongo } from 'mongoose';
import { defaultPolicies, policyVersion } from '../../config/policies.ts';
import { blankContact, type ContactDoc } from '../../models/contacts.ts';
import type { InteractionDoc } from '../../models/interactions.ts';
import type { TimelineDoc } from '../../models/timeline.ts';
import { entryOf, entryOfInteraction } from '../../server/capture/documents.ts';
import { itemId } from '../../server/rules/keys.ts';

const LOT = 5000;
const MINUTE = 60_000;
const BEGAN = Date.UTC(2021, 0, 1);
/** Of ten entries six are mails, as in an office that has all channels. */
const CHANNELS = ['email', 'email', 'sms', 'email', 'call', 'email', 'chat', 'email', 'call', 'email'] as const;
const SENTENCES = [
  'Hei! Siirtäisimme tiistaivuorot joulukuun ajaksi keskiviikolle, jos sali on silloin vapaana.',
  'Tack för svaret. Kan vi boka samma tid nästa vecka också, eller är salen redan upptagen?',
  'The invoice of last month has the old address on it. Could you send it again, please?',
];

const retention = (() => {
  const [policy] = defaultPolicies;
  if (!policy) throw new Error('There is no policy to tag entries with.');
  const { id, ...terms } = policy;
  return { policy: id, policyVersion: policyVersion(policy), ...terms, triggerAt: null, keepUntil: null };
})();

/** What a capture would have stored as the interaction, as far as its entry is made of it. */
const interactionOf = (account: string, n: number): InteractionDoc => {
  const at = new Date(BEGAN + n * MINUTE);
  const channel = CHANNELS[n % CHANNELS.length] as string;
  return {
    _id: itemId(account, { sourceKey: `bench:${n}`, kind: 'interaction' }),
    sourceKey: `bench:${n}`,
    account,
    accounts: [account],
    connector: 'email',
    channel,
    direction: n % 3 === 2 ? 'outbound' : 'inbound',
    occurredAt: at,
    capturedAt: at,
    ...(channel === 'email' ? { subject: `Vuorot ja laskut, asia ${n}` } : {}),
    participants: [
      { role: 'from', name: 'Päivi Mäkelä', identifier: { type: 'email', value: 'paivi@kuusilahti.example' } },
    ],
    conversation: `bench:${n}`,
    threadKeys: [],
    parts: n % 7 === 0 ? [{ n: 1, name: 'lista.pdf', type: 'application/pdf', size: 20_000, inline: false }] : [],
    status: null,
    revisions: [],
  };
};

const entry = (n: number, contact: string): TimelineDoc => {
  const words = SENTENCES.slice(0, 1 + (n % 2)).join(' ');
  return entryOf(entryOfInteraction(interactionOf('bench', n)), words.slice(0, 200), { contact, retention });
};

/**
 * Puts `count` entries on timelines, a minute apart, in order of time as a mailbox has them, exactly the documents that a
 * capture makes; `whose` says whose the n-th is. Only the timeline is filled: a page reads nothing else of an interaction.
 */
export const seedEntries = async (db: mongo.Db, count: number, whose: (n: number) => string): Promise<void> => {
  const timeline = db.collection<TimelineDoc>('timeline', { writeConcern: { w: 1 } });
  const inserting: Promise<unknown>[] = [];
  for (let from = 0; from < count; from += LOT) {
    const size = Math.min(LOT, count - from);
    const lot = Array.from({ length: size }, (_, at) => entry(from + at, whose(from + at)));
    if (inserting.length === 2) await inserting.shift();
    inserting.push(timeline.insertMany(lot, { ordered: false }));
  }
  await Promise.all(inserting);
};

/** Contacts besides those that are asked for, without identifiers. Returns their ids. */
export const seedContacts = async (db: mongo.Db, count: number): Promise<string[]> => {
  const now = new Date(BEGAN);
  const contacts = Array.from(
    { length: count },
    (_, n): ContactDoc => ({
      ...blankContact(n.toString(16).padStart(24, '0'), now),
      name: { first: 'Eero', last: `Niemi ${n}` },
      search: ['eero', 'niemi'],
    }),
  );
  await db.collection<ContactDoc>('contacts').insertMany(contacts, { ordered: false });
  return contacts.map(({ _id }) => _id);
};
