import type { OutgoingFetch } from '../common/fetch.ts';
import type { Account, Rung } from '../contract.ts';
import { apiUrlOf, regionWarning, type TwilioConfig } from './config.ts';
import { makeRest, type Rest } from './rest/client.ts';
import { restError } from './rest/errors.ts';

const list = async (rest: Rest): Promise<Rung> => {
  const client = await rest.client();
  const found = await client.messages.list({ limit: 1 });
  const detail = found.length > 0 ? 'Messages can be read.' : 'Messages can be read; there are none yet.';
  return { name: 'messages', ok: true, detail };
};

const signIn = async (rest: Rest, { accountSid }: TwilioConfig): Promise<Rung> => {
  const client = await rest.client();
  const { status } = await client.api.v2010.accounts(accountSid).fetch();
  const ok = !status || status === 'active';
  const detail = ok
    ? 'Twilio accepts the account SID and the auth token.'
    : `Twilio says that the account is ${status}.`;
  return { name: 'sign-in', ok, detail };
};

/** The rungs of "test connection": region, sign-in, reading messages. Changes nothing. */
export const makeTest = ({ fetch }: { fetch: OutgoingFetch }) =>
  async function* test(account: Account<TwilioConfig>): AsyncIterable<Rung> {
    const { config } = account;
    const warning = regionWarning(config);
    yield { name: 'region', ok: true, detail: warning ?? 'Twilio keeps the data in the EU (Ireland).' };
    const rest = makeRest(config, fetch, new AbortController().signal);
    const steps = [
      { name: 'sign-in', climb: () => signIn(rest, config) },
      { name: 'messages', climb: () => list(rest) },
    ];
    for (const { name, climb } of steps) {
      const rung = await climb().catch(error => ({
        name,
        ok: false,
        detail: `${restError(error).message.replace(/; it is tried again\.$/, '.')} (${new URL(apiUrlOf(config)).host})`,
      }));
      yield rung;
      if (!rung.ok) return;
    }
  };
