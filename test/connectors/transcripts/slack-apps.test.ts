import { expect } from 'chai';
import { makeDesk } from './support.ts';

describe('transcripts: what apps say in Slack', () => {
  let desk: Awaited<ReturnType<typeof makeDesk>>;
  before(async () => {
    desk = await makeDesk();
  });
  after(() => desk.remove());

  const textOf = async (message: object): Promise<string | undefined> => {
    const day = [{ ts: '1794466800.000100', user: 'U0000001A', ...message }];
    const { items } = await desk.take('2026-11-12.json', JSON.stringify(day));
    return items[0]?.text;
  };
  const section = { type: 'section', text: { type: 'mrkdwn', text: 'Varaus *peruttu* &amp; maksettu' } };

  it('what stands for words that only blocks have isn’t shown instead of them', async () => {
    const attachments = [{ id: 1, color: '#ffc300', fallback: '[no preview available]', blocks: [section] }];
    expect(await textOf({ bot_id: 'B1', text: '', attachments })).to.equal('Varaus *peruttu* & maksettu');
    const hidden = "This content can't be displayed.";
    expect(await textOf({ bot_id: 'B1', text: hidden, blocks: [section] })).to.equal('Varaus *peruttu* & maksettu');
    expect(await textOf({ bot_id: 'B1', text: hidden, blocks: [{ type: 'actions' }] })).to.equal(hidden);
  });

  it('an attachment has all its words, fields too, not only their summary', async () => {
    const fields = [
      { title: 'Sähköposti', value: '<mailto:anna@kunde.example|anna@kunde.example>', short: true },
      { title: '', value: 'Helsinki', short: true },
    ];
    const card = { pretext: 'Uusi lomake', author_name: 'Lomakkeet', title: 'Yhteydenotto', text: 'Soittakaa', fields };
    const words = 'Uusi lomake\nLomakkeet\nYhteydenotto\nSoittakaa\nSähköposti: anna@kunde.example\nHelsinki';
    expect(await textOf({ bot_id: 'B1', text: '', attachments: [{ ...card, fallback: 'Lomake' }] })).to.equal(words);
    const text = 'Chat with a visitor';
    const both = await textOf({ bot_id: 'B1', text, attachments: [{ fallback: '[no preview available]', fields }] });
    expect(both).to.equal(`${text}\nSähköposti: anna@kunde.example\nHelsinki`);
  });

  it('Slack’s preview of a link is nobody’s words', async () => {
    const preview = { from_url: 'https://a.example', title: 'A page', text: 'What is on it', fallback: 'A page' };
    for (const by of [{ bot_id: 'B1' }, {}])
      expect(await textOf({ ...by, text: 'see https://a.example', attachments: [preview] })).to.equal(
        'see https://a.example',
      );
  });
});
