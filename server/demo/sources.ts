import { randomBytes } from 'node:crypto';
import type { Client } from './client.ts';
import type { PlayedTwilio } from './twilio-api.ts';

/** An account of the hub, as its API shows it. */
export interface Source {
  id: string;
  name: string;
  webhooks: { name: string; url: string }[];
}

/** The demo's accounts besides its mailboxes, with what it needs to post to them. */
export interface Sources {
  bookings: Source & { secret: string };
  phones: Source & { accountSid: string; authToken: string };
  exchange: Source;
  earlierChats: Source;
  siteChat: Source & { identitySecret: string };
}

export interface SourceFacts {
  twilio: Pick<PlayedTwilio, 'host' | 'admit'>;
  ownNumber: string;
  chatAgents: string[];
}

const secretOf = (bytes: number): string => randomBytes(bytes).toString('hex');

/** Made at the first start; later ones find it and only give it new secrets. */
const ensure = async (client: Client, connector: string, name: string, config: object): Promise<Source> => {
  const { items } = await client.get<{ items: Source[] }>('/accounts?limit=200');
  const there = items.find(account => account.name === name);
  if (there) return client.patch<Source>(`/accounts/${there.id}`, { config });
  return client.post<Source>('/accounts', { connector, name, config });
};

/** Sees to it that the accounts are there. Their secrets are new at each start: nobody needs to know them for longer. */
export const openSources = async (
  client: Client,
  { twilio: { host, admit }, ownNumber, chatAgents }: SourceFacts,
): Promise<Sources> => {
  const secret = `whsec_${randomBytes(24).toString('base64')}`;
  const accountSid = `AC${'0'.repeat(28)}demo`;
  const authToken = secretOf(16);
  const identitySecret = secretOf(24);
  const twilio = { accountSid, authToken, apiUrl: `http://${host}`, region: 'ie1' };
  admit(accountSid, authToken); // before the account is there: it is pulled at once, and parked where it is refused
  return {
    bookings: { ...(await ensure(client, 'webhook', 'Booking system', { secrets: [secret] })), secret },
    phones: {
      ...(await ensure(client, 'twilio', 'Phones (Twilio, played by the demo)', {
        ...twilio,
        recordingNotice: true,
        reconcileSeconds: 10,
      })),
      accountSid,
      authToken,
    },
    exchange: await ensure(client, 'calllog', 'Telephone exchange', {
      dialect: 'csv',
      timezone: 'Europe/Helsinki',
      defaultCountry: 'FI',
      ownNumbers: [ownNumber],
    }),
    earlierChats: await ensure(client, 'transcripts', 'Earlier chats', { provider: 'intercom', agents: chatAgents }),
    siteChat: {
      ...(await ensure(client, 'chat', 'Chat on our site', { identitySecret, askName: true })),
      identitySecret,
    },
  };
};
