import type { ChannelHistory } from '../../samples/index.ts';
import { type Client, Refused } from './client.ts';
import type { Posting } from './posting.ts';
import type { Sources } from './sources.ts';

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

/** Items in one request of the generic webhook. */
const POSTED_AT_ONCE = 50;

/**
 * Two years of the other channels, each through its own entrance: text messages and register events signed to the webhook, calls as a switch's log with
 * its recordings, chats as another tool's export. Safe to repeat: ids make each of them one.
 */
export const fillChannels = async (
  client: Client,
  { posted, calls, chats }: ChannelHistory,
  { posting, sources }: { posting: Posting; sources: Sources },
  told: (step: string, data: object) => void,
): Promise<void> => {
  for (let at = 0; at < posted.length; at += POSTED_AT_ONCE) await posting.items(posted.slice(at, at + POSTED_AT_ONCE));
  told('messages and events', { count: posted.length });
  const log = await client.upload('/imports', calls, sources.exchange.id);
  const exported = await client.upload('/imports', chats, sources.earlierChats.id);
  told('calls', { ...(await client.ended('/imports', log)).counts });
  told('chats', { ...(await client.ended('/imports', exported)).counts });
};
