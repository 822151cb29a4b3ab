import { type Client, Refused } from './client.ts';

/** What the demo captures before anybody looks; made by samples/. */
export interface Desk {
  /** bodies of POST /organisations */
  organisations: readonly object[];
  /** CSV for POST /contacts/imports */
  contacts: string;
  /** mbox files of two years */
  mailboxes: readonly { name: string; bytes: Uint8Array<ArrayBuffer> }[];
  /** a file that is no mail */
  stray: { name: string; bytes: Uint8Array<ArrayBuffer> };
}

/** A mailbox that can't be reached: nothing listens on TCP port 1. Its account shows the fault and what to do about it. */
const brokenMailbox = {
  connector: 'email',
  name: 'Old mailbox',
  config: {
    host: '127.0.0.1',
    port: 1,
    security: 'none',
    user: 'info@vanha.varaamo.example',
    password: 'no longer known',
  },
};

/** A repeated start finds what an interrupted one has made already. */
const unlessThere = (made: Promise<unknown>): Promise<void> =>
  made.then(
    () => undefined,
    (error: unknown) => {
      if (!(error instanceof Refused) || error.status !== 409) throw error;
    },
  );

/**
 * Fills an empty hub through its own API: organisations and contacts first, so that mail finds them, then the mail of two years,
 * a file that ends up in quarantine, and a mailbox with a fault. Safe to repeat after an interruption: nothing is doubled.
 */
export const fill = async (client: Client, desk: Desk, told: (step: string, data: object) => void): Promise<void> => {
  await Promise.all(desk.organisations.map(body => unlessThere(client.post('/organisations', body))));
  await unlessThere(client.post('/accounts', brokenMailbox));
  told('organisations', { count: desk.organisations.length });

  const register = { name: 'contacts.csv', bytes: new TextEncoder().encode(desk.contacts) };
  const people = await client.upload('/contacts/imports', [register]);
  told('contacts', { ...(await client.ended('/contacts/imports', people)).counts });

  const mails = await client.upload('/imports', desk.mailboxes);
  const stray = await client.upload('/imports', [desk.stray]);
  told('mails', { ...(await client.ended('/imports', mails)).counts });
  await client.ended('/imports', stray);
};
