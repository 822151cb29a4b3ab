import { generateContacts, generateMails, liveMails, mboxEntry } from '../../../samples/index.ts';
import { arrivalsAfter } from '../../../server/demo/arrivals.ts';
import type { Desk } from '../../../server/demo/fill.ts';

const optionsAt = (now: Date) => ({ seed: 3, count: MAILS, now, meanBytes: 9000 });

export const MAILS = 60;

/** A desk that is smaller than the demo's. */
export const samples = {
  desk: (now: Date): Desk => ({
    ...generateContacts({ seed: 3, now }),
    mailboxes: [
      { name: 'INBOX.mbox', bytes: new Uint8Array(Buffer.concat([...generateMails(optionsAt(now))].map(mboxEntry))) },
    ],
    stray: { name: 'bill.pdf', bytes: new TextEncoder().encode('%PDF-1.7\n') },
  }),
  arrivals: (now: Date, sent: readonly Date[]) => arrivalsAfter(sent, clock => liveMails({ ...optionsAt(now), clock })),
};
