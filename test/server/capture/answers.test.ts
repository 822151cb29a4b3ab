import { expect } from 'chai';
import { type Captured, type Connector, ConnectorError } from '../../../connectors/contract.ts';
import type { AccountDoc } from '../../../models/accounts.ts';
import type { InteractionDoc } from '../../../models/interactions.ts';
import { AnotherAnswer, AnswerUnderWay, makeAnswers } from '../../../server/capture/answers.ts';
import { freshStore } from '../../support/capture.ts';

describe('an answer under an id that one has already', () => {
  const agent = { id: 'maija', name: 'Maija' };
  const account = { _id: 'numbers', connector: 'played' } as AccountDoc;
  const call = { _id: 'call', channel: 'call', direction: 'inbound', participants: [] } as unknown as InteractionDoc;
  const text = 'The door code is 1234';
  let sent: string[];
  let fault: ConnectorError | null;
  let store: Awaited<ReturnType<typeof freshStore>>;
  let answer: ReturnType<typeof makeAnswers>;

  before(async () => {
    store = await freshStore();
    const answering = {
      possible: () => true,
      send: async (_: unknown, __: unknown, said: { text: string }) => {
        if (fault) throw fault;
        sent.push(said.text);
        return [{ sourceKey: `sms ${sent.length}`, kind: 'interaction' } as Captured];
      },
    };
    answer = makeAnswers({
      models: store.models,
      connectors: new Map([['played', { answering } as unknown as Connector]]),
      open: async () => ({ id: account._id }) as never,
      accept: async () => undefined,
    });
  });
  after(() => store.close());
  beforeEach(() => {
    sent = [];
    fault = null;
  });

  const say = (id: string, said: string, to = call) =>
    answer(to, account, { id, text: said, agent, webhookUrl: () => '' }).catch((error: Error) => error);

  it('is sent once with the same text, and refused with another or to somebody else', async () => {
    const first = await say('one', text);
    expect(await say('one', text)).to.deep.equal(first);
    expect(await say('one', 'Sorry, the door code is 9876')).to.be.instanceOf(AnotherAnswer);
    expect(await say('one', text, { ...call, _id: 'another' })).to.be.instanceOf(AnotherAnswer);
    expect(sent).to.deep.equal([text]);
  });

  it('is refused while it is not known what became of the first, and in those words', async () => {
    fault = new ConnectorError('retry', 'No answer came.');
    expect(await say('two', text)).to.equal(fault);
    expect(await say('two', 'Another text')).to.be.instanceOf(AnotherAnswer);
    expect(await say('two', text)).to.be.instanceOf(AnswerUnderWay);
  });

  it('may be another text where nothing was sent', async () => {
    fault = new ConnectorError('reject', 'No such number.');
    expect(await say('three', text)).to.equal(fault);
    fault = null;
    await say('three', 'Another text');
    expect(sent).to.deep.equal(['Another text']);
  });
});
