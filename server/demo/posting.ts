import { randomUUID } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks.js';
import type { Source, Sources } from './sources.ts';

export interface PostingDeps {
  /** the hub's origin, where it listens */
  address: string;
  sources: Pick<Sources, 'bookings' | 'phones'>;
  signal: AbortSignal;
}

/** Where a webhook listens here, and the address that its sender signs. */
const targetOf = (address: string, { id, webhooks }: Source, name: string) => ({
  target: `${address}/webhooks/${id}/${name}`,
  signed: webhooks.find(webhook => webhook.name === name)?.url ?? '',
});

const delivered = async (answer: Promise<Response>): Promise<void> => {
  const { ok, status } = await answer;
  if (!ok) throw new Error(`A webhook was answered with ${status}.`);
};

/** What other systems post to the hub, signed as they sign it. Throws when it isn't taken: the sender tries again. */
export const makePosting = ({ address, sources: { bookings, phones }, signal }: PostingDeps) => {
  const post = (url: string, headers: Record<string, string>, body: string): Promise<void> =>
    delivered(fetch(url, { method: 'POST', headers, body, signal: AbortSignal.any([signal]) }));

  return {
    /** items for the generic webhook (Standard Webhooks) */
    items: (items: readonly object[]): Promise<void> => {
      const id = `msg_${randomUUID()}`;
      const now = new Date();
      const body = JSON.stringify({ items });
      const headers = {
        'content-type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
        'webhook-signature': new Webhook(bookings.secret).sign(id, now, body),
      };
      return post(targetOf(address, bookings, 'events').target, headers, body);
    },

    /** a request of Twilio's: a form, signed over the address and its parameters */
    twilio: (name: string, params: Record<string, string>): Promise<void> => {
      const { target, signed } = targetOf(address, phones, name);
      const whole = { AccountSid: phones.accountSid, ApiVersion: '2010-04-01', ...params };
      const headers = {
        'content-type': 'application/x-www-form-urlencoded',
        'x-twilio-signature': getExpectedTwilioSignature(phones.authToken, signed, whole),
      };
      return post(target, headers, new URLSearchParams(whole).toString());
    },
  };
};

export type Posting = ReturnType<typeof makePosting>;
