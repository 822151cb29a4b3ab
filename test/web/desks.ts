import type { Context } from 'mocha';
import { addContact, type Contact, type Desk, fillTimeline, mail, openDesk } from './support.ts';

/** A From field for an address, with a name that doesn't matter. */
export const from = (address: string): string => `Someone <${address}>`;

const EERO = 'eero@tervasaari.example';

export interface LongDesk {
  desk: Desk;
  /** has a timeline of 9,900 entries */
  long: Contact;
  /** captures one more mail of that contact */
  arrive(subject: string, date?: Date): Promise<void>;
}

/** A desk with a contact whose timeline is far longer than what is loaded of it. */
export const openLongDesk = async (test: Context): Promise<LongDesk> => {
  const desk = await openDesk(test);
  const long = await addContact(desk, 'Eero', 'Koskinen', EERO);
  await fillTimeline(desk, long.id, 9_900);
  const arrive: LongDesk['arrive'] = (subject, date = new Date()) =>
    desk.capture(mail({ from: from(EERO), subject, date, text: 'Something new.' }));
  return { desk, long, arrive };
};

/** A desk with two contacts, of whom Mats has 40 entries and a mail. */
export const openSmallDesk = async (test: Context): Promise<{ desk: Desk; mats: Contact }> => {
  const desk = await openDesk(test);
  const mats = await addContact(desk, 'Mats', 'Eklund', 'mats@norrvik.example');
  await fillTimeline(desk, mats.id, 40);
  await addContact(desk, 'Ingrid', 'Berg', 'ingrid@norrvik.example');
  await desk.capture(mail({ from: 'Mats Eklund <mats@norrvik.example>', subject: 'Faktura 20417', text: 'Hej!' }));
  return { desk, mats };
};
