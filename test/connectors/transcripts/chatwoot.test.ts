import { expect } from 'chai';
import type { Captured } from '../../../connectors/contract.ts';
import { created, messageEvent, resolved } from '../../../connectors/transcripts/fixtures/chatwoot.ts';
import { chatwootRequest, SECRET } from '../../../connectors/transcripts/fixtures/signed.ts';
import { accountOf, connector, shown } from './support.ts';

const itemsOf = async (event: unknown): Promise<Captured[]> => {
  const account = accountOf({ provider: 'chatwoot', secret: SECRET });
  return (await connector.receive?.(account, chatwootRequest(event)))?.items ?? [];
};
const keysOf = async (event: unknown) =>
  (await itemsOf(event)).filter(({ kind }) => kind === 'message').map(({ sourceKey }) => sourceKey);

const asking = (over: object) =>
  messageEvent({ id: 206, message_type: 'template', sender: null, content: 'How can we reach you?', ...over });
const updated = (over: object) => ({ ...asking(over), event: 'message_updated' });

describe('transcripts: questions of Chatwoot', () => {
  it('a survey is one message, with the link to it and without', async () => {
    const survey = (content: string) => ({ content_type: 'input_csat', content });
    const linked = survey('Please rate us, https://chat.example/survey/responses/5f0');
    const inside = { ...created.messages[0], id: 206, message_type: 3, sender: null, ...survey('Please rate us') };
    const first = await keysOf(asking(linked));
    expect(first).to.have.length(1);
    expect(await keysOf({ ...resolved, messages: [inside] })).to.eql(first);
    expect(await keysOf(updated({ ...linked, status: 'delivered' }))).to.eql(first);
    expect(await keysOf({ ...resolved, messages: [{ ...inside, id: 207 }] })).not.to.eql(first);
  });

  it('what the visitor answers is theirs, and what asked stays as it was', async () => {
    const [asked] = await itemsOf(asking({ content_type: 'input_email' }));
    const answers: [object, string][] = [
      [{ submitted_email: 'uusi@asiakas.example' }, 'uusi@asiakas.example'],
      [{ submitted_values: [{ name: 'email', value: 'lomake@asiakas.example' }] }, 'lomake@asiakas.example'],
      [{ submitted_values: [{ title: 'B', value: 'b' }] }, 'B'],
      [{ submitted_values: { csat_survey_response: { rating: 5, feedback_message: 'Kiitos' } } }, '5: Kiitos'],
    ];
    const keys = new Set<string>();
    for (const [attributes, text] of answers) {
      const event = updated({ content_attributes: attributes, updated_at: '2026-11-20T09:30:00.000Z' });
      const [question, answer, ...more] = await itemsOf(event);
      expect(more).to.eql([]);
      expect(question).to.include({ sourceKey: asked?.sourceKey, text: 'How can we reach you?' });
      expect(answer && shown(answer)).to.eql(['from paivi@kuusilahti.example', 'message', 'inbound', text]);
      expect(answer?.occurredAt.toISOString()).to.equal('2026-11-20T09:30:00.000Z');
      keys.add(answer?.sourceKey ?? '');
      const inside = {
        ...created.messages[0],
        id: 206,
        message_type: 3,
        sender: null,
        content: 'How can we reach you?',
      };
      expect(await keysOf({ ...resolved, messages: [{ ...inside, content_attributes: attributes }] })).to.eql([
        question?.sourceKey,
        answer?.sourceKey,
      ]);
    }
    expect(keys.size).to.equal(4);
  });

  it('what is offered is told: choices, cards, articles and fields, under the key of the words alone', async () => {
    const [plain] = await itemsOf(asking({}));
    const told = async (...items: object[]) => {
      const [one] = await itemsOf(asking({ content_attributes: { items } }));
      expect(one?.sourceKey).to.equal(plain?.sourceKey);
      return one?.text?.split('\n').slice(1);
    };
    expect(await told({ title: 'Sali 1', value: 's1' }, { title: 'Sali 2', value: 's2' })).to.eql([
      '- Sali 1',
      '- Sali 2',
    ]);
    const actions = [
      { type: 'link', text: 'Lisää', uri: 'https://varaamo.example/1' },
      { type: 'postback', text: 'Varaa', payload: 'x' },
    ];
    expect(await told({ title: 'Sali 1', description: '40 paikkaa', media_url: '', actions })).to.eql([
      '- Sali 1: 40 paikkaa',
      '  Lisää (https://varaamo.example/1)',
      '  Varaa',
    ]);
    expect(await told({ title: 'Ohje', description: 'Näin', link: 'https://varaamo.example/o' })).to.eql([
      '- Ohje: Näin (https://varaamo.example/o)',
    ]);
    expect(await told({ name: 'email', label: 'Sähköposti', type: 'email' }, {})).to.eql(['- Sähköposti']);
    const [cards] = await itemsOf(asking({ content: null, content_attributes: { items: [{ title: 'Sali 1' }] } }));
    expect(cards?.text).to.equal('- Sali 1');
  });

  it('who answered in the channel’s own app is somebody of ours, and no bot', async () => {
    const echo = { message_type: 'outgoing', sender: null, content: 'Soitan kohta' };
    const [said] = await itemsOf(messageEvent({ ...echo, content_attributes: { external_echo: true } }));
    expect(said?.direction).to.equal('outbound');
    expect(said?.participants[0]).to.deep.include({ role: 'agent' }).and.not.have.property('name');
    const [bot] = await itemsOf(messageEvent({ ...echo, content_attributes: {} }));
    expect(bot?.participants[0]?.name).to.equal('Bot');
  });
});
