import { expect } from 'chai';
import { sha256 } from '../../../connectors/common/raw.ts';
import { intercomConversation } from '../../../connectors/transcripts/fixtures/exports.ts';
import { intercomItems } from '../../../connectors/transcripts/intercom.ts';
import { makeRecognise } from '../../../connectors/transcripts/people.ts';
import { accountOf, HUB, shown } from './support.ts';

const recognise = makeRecognise(accountOf({ provider: 'intercom' }), HUB);
const itemsOf = (value: unknown) => intercomItems(value, recognise);

const anna = { type: 'user', id: '6762f09a1bb69f9f2193bae1', name: 'Anna', email: 'anna@kunde.example' };
const part = (over: object = {}) => ({
  id: 'p1',
  part_type: 'comment',
  body: '<p>On Thursday</p>',
  created_at: 1794466900,
  updated_at: 1794466900,
  author: anna,
  ...over,
});
const conversation = (over: object = {}) => ({
  id: '9',
  created_at: 1794466800,
  source: { id: 's', body: '<p>Hello</p>', author: anna },
  conversation_parts: [part()],
  ...over,
});

describe('transcripts: conversations of Intercom', () => {
  it('what is only a picture is a message that names it', () => {
    const body = '<div><img class="x" src="https://cdn.example/o/1/kuva%20A.png?signature=1"></div>';
    const source = { id: 's', body, author: anna };
    expect(itemsOf(conversation({ source, conversation_parts: [part({ body })] })).map(shown)).to.eql([
      ['from anna@kunde.example', 'message', 'inbound', 'File: kuva A.png'],
      ['from anna@kunde.example', 'message', 'inbound', 'File: kuva A.png'],
    ]);
    const [, both] = itemsOf(
      conversation({
        conversation_parts: [part({ body: `Here ${body}<img src=data:,x>`, attachments: [{ name: 'kuva A.png' }] })],
      }),
    );
    expect(both?.text).to.equal('Here\nFile: picture\nFile: kuva A.png');
  });

  it('a rating and its remark are told, by whoever gave them; a changed one stands beside the first', () => {
    const ratedAs = (given: object | null) => itemsOf(conversation({ conversation_rating: given })).slice(2);
    const given = { rating: 4, remark: 'Kiitos!', created_at: 1794467000, contact: { type: 'contact', id: anna.id } };
    const [said, ...more] = ratedAs(given);
    expect(more).to.eql([]);
    expect(shown(said as never)).to.eql(['from anna@kunde.example', 'system', 'inbound', 'Rated 4 of 5: Kiitos!']);
    expect(said?.occurredAt.toISOString()).to.equal('2026-11-12T07:03:20.000Z');
    expect(ratedAs({ ...given, rating: 1 })[0]?.sourceKey).not.to.equal(said?.sourceKey);
    for (const none of [null, {}, { rating: null, remark: null }]) expect(ratedAs(none)).to.eql([]);
  });

  it('a link that says something else has its address behind it, and the key that it had without', () => {
    const textOf = (body: string) => itemsOf(conversation({ conversation_parts: [part({ body })] }))[1]?.text;
    const attributes = 'rel="nofollow noopener noreferrer" target="_blank"';
    const link = (to: string, words: string) => `<p>Lasku on <a href="${to}" ${attributes}>${words}</a>.</p>`;
    expect(textOf(link('https://varaamo.example/l?a=1&amp;b=2', '<b>täällä</b>'))).to.equal(
      'Lasku on täällä (https://varaamo.example/l?a=1&b=2).',
    );
    for (const [to, words] of [
      ['https://varaamo.example/l', 'https://varaamo.example/l'],
      ['https://varaamo.example/', 'varaamo.example'],
      ['http://varaamo.example', 'varaamo.example'],
      ['mailto:tuki@varaamo.example', 'tuki@varaamo.example'],
      ['#kohta', 'kohdassa'],
      ['javascript:alert(1)', 'täällä'],
    ] as const)
      expect(textOf(link(to, words)), to).to.equal(`Lasku on ${words}.`);
    expect(textOf(link('https://varaamo.example/here', 'here'))).to.contain('here (https://varaamo.example/here)');
    expect(textOf('<a href="https://cdn.example/a.png"><img src="https://cdn.example/a.png"></a>')).to.equal(
      'File: a.png',
    );
    const body = link('https://varaamo.example/l', 'täällä');
    const [opened, said] = itemsOf(
      conversation({ source: { id: 's', body, author: anna }, conversation_parts: [part({ body })] }),
    );
    expect(opened?.text).to.equal('Lasku on täällä (https://varaamo.example/l).');
    expect(said?.sourceKey).to.equal(`intercom/part/p1/${sha256('Lasku on täällä.').slice(0, 16)}`);
  });

  it('a part that was edited or deleted since stands beside what was said first', () => {
    const keyOf = (over: object) => itemsOf(conversation({ conversation_parts: [part(over)] }))[1];
    const first = keyOf({});
    expect(first?.sourceKey).to.match(/^intercom\/part\/p1\/./);
    expect(first?.externalId).to.equal('p1');
    const later = { updated_at: 1794467000 };
    const edited = keyOf({ ...later, body: '<p>On Friday</p>' });
    const deleted = keyOf({ ...later, body: '<p><i>This message was deleted</i></p>', redacted: true });
    const keys = [first, edited, deleted, keyOf({ ...later, body: '<p>On Monday</p>' })].map(one => one?.sourceKey);
    expect(new Set(keys).size).to.equal(4);
    expect(edited?.externalId).to.equal(undefined);
    expect(deleted?.message?.kind).to.equal('system');
    const done = { ...later, part_type: 'close', body: null };
    expect(keyOf(done)).to.include({ sourceKey: 'intercom/part/p1', externalId: 'p1' });
    const source = { id: 's', body: '<p>This message was deleted</p>', author: anna, redacted: true };
    const [opened, gone] = [{}, { source }].map(over => itemsOf(conversation(over))[0]);
    expect(opened?.sourceKey).to.equal('intercom/source/9');
    expect(gone?.sourceKey).to.match(/^intercom\/source\/9\/./);
  });

  it('a part that was only told to somebody since is the one it was', () => {
    const keyOf = (over: object) => itemsOf(conversation({ conversation_parts: [part(over)] }))[1]?.sourceKey;
    const told = { updated_at: 1794466937, notified_at: 1794466937, redacted: false };
    expect(keyOf(told)).to.equal(keyOf({}));
    expect(keyOf({ part_type: 'note', ...told })).to.equal(keyOf({ part_type: 'note' }));
  });

  it('takes the form of the older API, with the first message and the customer', () => {
    const { source: _, ...older } = conversation({
      user: { ...anna, user_id: '70' },
      customers: [{ type: 'user', id: anna.id }],
      conversation_message: { id: 'm', body: '<p>Hi Anna</p>', author: { type: 'admin', id: '991' }, attachments: [] },
      conversation_parts: { conversation_parts: [part({ author: { type: 'user', id: anna.id } })] },
    });
    const items = itemsOf(older);
    expect(items.map(({ text, direction }) => [text, direction])).to.eql([
      ['Hi Anna', 'outbound'],
      ['On Thursday', 'inbound'],
    ]);
    for (const { participants, parties = [] } of items)
      expect(parties.map(index => participants[index]?.identifier.value)).to.eql(['anna@kunde.example']);
  });

  it('a visitor who gives an address of ours is a visitor', () => {
    const lead = { type: 'lead', id: '6762f09a1bb69f9f2193bae2', name: 'X', email: 'tuki@varaamo.example' };
    const items = itemsOf(
      conversation({ source: { body: 'a', author: lead }, conversation_parts: [part({ author: lead })] }),
    );
    for (const { participants, parties, direction } of items) {
      expect([direction, parties]).to.eql(['inbound', [0]]);
      expect(participants[0]?.identifier).to.eql({ type: 'chat', value: lead.id });
    }
  });

  it('who is of a type that is not known is ours, but for the contacts of the conversation', () => {
    const author = { type: 'ai_agent', id: '99100', name: 'Fin' };
    const [, answer] = itemsOf(conversation({ conversation_parts: [part({ author })] }));
    expect(answer && shown(answer)).to.eql(['agent Fin', 'message', 'outbound', 'On Thursday']);
    const [, theirs] = itemsOf(conversation({ contacts: [author], conversation_parts: [part({ author })] }));
    expect(theirs?.direction).to.equal('inbound');
  });

  it('a first message without words is kept as what was done; what has no message is refused', () => {
    const source = { id: 's', body: '', delivered_as: 'customer_initiated', author: anna };
    expect(itemsOf(conversation({ source })).map(shown)[0]).to.eql([
      'from anna@kunde.example',
      'system',
      'inbound',
      'customer initiated',
    ]);
    const nothing = { ...intercomConversation('1'), source: null, conversation_parts: [] };
    expect(() => itemsOf(nothing)).to.throw(/expected a first message or parts/);
  });
});
