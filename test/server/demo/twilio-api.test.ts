import { expect } from 'chai';
import { type Answered, type Captured, ConnectorError } from '../../../connectors/contract.ts';
import { configSchema } from '../../../connectors/twilio/config.ts';
import { ACCOUNT, CUSTOMER, OURS, TOKEN } from '../../../connectors/twilio/fixtures/requests.ts';
import { makeAnswering } from '../../../connectors/twilio/rest/send.ts';
import { type PlayedTwilio, playTwilio } from '../../../server/demo/twilio-api.ts';

const phone = (role: 'from' | 'to', value: string) => ({ role, identifier: { type: 'phone', value } });
const call: Answered = {
  channel: 'call',
  direction: 'inbound',
  participants: [phone('from', CUSTOMER), phone('to', OURS)],
};

describe('the Twilio that the demo plays', () => {
  let twilio: PlayedTwilio;
  before(async () => {
    twilio = await playTwilio();
    twilio.admit(ACCOUNT, TOKEN);
  });
  after(() => twilio.close());

  const send = (text: string, fetched: typeof fetch = fetch): Promise<Captured[]> => {
    const config = configSchema.parse({ accountSid: ACCOUNT, authToken: TOKEN, apiUrl: `http://${twilio.host}` });
    const answer = { text, agent: { id: 'maija', name: 'Maija' }, webhookUrl: () => 'http://127.0.0.1/status' };
    return makeAnswering({ fetch: fetched as never }).send({ config } as never, call, answer);
  };

  it('takes an answer, each as a message of its own', async () => {
    const [first] = await send('The door code is 1234');
    const [second] = await send('Sorry, the door code is 9876');
    expect(first).to.include({ kind: 'interaction', direction: 'outbound', text: 'The door code is 1234' });
    expect(second).to.include({ kind: 'interaction', direction: 'outbound', text: 'Sorry, the door code is 9876' });
    expect(first?.sourceKey).not.to.equal(second?.sourceKey);
    const authorization = `Basic ${Buffer.from(`${ACCOUNT}:${TOKEN}`).toString('base64')}`;
    const list = await fetch(`http://${twilio.host}/2010-04-01/Accounts/${ACCOUNT}/Messages.json`, {
      headers: { authorization },
    });
    const { messages } = (await list.json()) as { messages: { body: string; to: string; status: string }[] };
    expect(messages.map(({ body, to, status }) => [body, to, status])).to.deep.equal([
      ['Sorry, the door code is 9876', CUSTOMER, 'delivered'],
      ['The door code is 1234', CUSTOMER, 'delivered'],
    ]);
  });

  it('answers no list to a sending; from one that does, the connector does not know what was sent', async () => {
    const list = (async () => new Response('{"messages": [], "page": 0}', { status: 200 })) as unknown as typeof fetch;
    const error = await send('Hei', list).catch((fault: Error) => fault);
    expect(error).to.be.instanceOf(ConnectorError);
    expect(error).to.include({ remedy: 'retry' });
  });
});
