import { expect } from 'chai';
import fc from 'fast-check';
import { recordsIn } from '../../../connectors/transcripts/files/records.ts';
import { intercomConversation, zendeskChat } from '../../../connectors/transcripts/fixtures/exports.ts';
import { bytesOf, makeDesk, shown } from './support.ts';

const json = (value: unknown): string => JSON.stringify(value);

describe('transcripts: exports of Intercom and Zendesk Chat', () => {
  let desk: Awaited<ReturnType<typeof makeDesk>>;
  before(async () => {
    desk = await makeDesk();
  });
  after(() => desk.remove());

  it('intercom: what opens a conversation, answers, notes and what was done', async () => {
    const { items, failed } = await desk.take('intercom.json', json([intercomConversation('77')]), {
      config: { provider: 'intercom' },
    });
    expect(failed).to.deep.equal([]);
    expect(items.map(shown)).to.deep.equal([
      ['from anna@kunde.example', 'message', 'inbound', 'Is the hall free?\n\nOn Thursday & Friday'],
      ['agent olli@varaamo.example', 'note', 'outbound', 'She asks every week'],
      ['agent olli@varaamo.example', 'message', 'outbound', 'Yes, it is.\nFile: hall.pdf'],
      ['agent olli@varaamo.example', 'system', 'outbound', 'close'],
    ]);
    for (const { participants, parties = [], belongsToExternalId } of items) {
      expect(belongsToExternalId).to.equal('77');
      expect(parties).to.have.length(1);
      expect(participants[parties[0] ?? -1]?.also).to.deep.equal([{ type: 'chat', value: '6762f09a1bb69f9f2193bae1' }]);
    }
  });

  it('intercom: an array, an answer of the API, one by itself, one a line: the same items', async () => {
    const [one, two] = [intercomConversation('1'), intercomConversation('2')];
    const forms: Record<string, string> = {
      'array.json': JSON.stringify([one, two], null, 2),
      'api.json': json({
        type: 'conversation.list',
        pages: { total_pages: 1 },
        conversations: [one, two],
        total_count: 2,
      }),
      'lines.ndjson': `${json(one)}\n${json(two)}\n`,
      'lines.json': `${json(one)}\n${json(two)}`,
      'marked.json': `\ufeff${json([one, two])}`,
    };
    for (const [name, text] of Object.entries(forms)) {
      const { items, failed } = await desk.take(name, text);
      expect(failed, name).to.deep.equal([]);
      expect(
        items.map(({ externalId }) => externalId),
        name,
      ).to.deep.equal(['1-s', '1-1', '1-2', '1-3', '2-s', '2-1', '2-2', '2-3']);
    }
    const single = await desk.take('one.json', JSON.stringify(one, null, 1));
    expect(single.items).to.have.length(4);
  });

  it('zendesk: an answer with chats by their ids, each for itself', async () => {
    const config = { provider: 'zendesk' };
    const docs = { '2611.1': zendeskChat('2611.1'), x: null, '2611.2': zendeskChat('2611.2') };
    const { items, failed } = await desk.take('chats.json', JSON.stringify({ count: 3, docs }), { config });
    const alone = await desk.take('chats.json', json([docs['2611.1'], docs['2611.2']]), { config });
    expect(items.map(({ sourceKey }) => sourceKey)).to.eql(alone.items.map(({ sourceKey }) => sourceKey));
    expect(failed).to.have.length(0);
    const broken = { count: 2, docs: { '2611.1': zendeskChat('2611.1'), x: { history: 'none' } } };
    const taken = await desk.take('broken.json', JSON.stringify(broken), { config });
    expect(taken.items).to.have.length(5);
    expect(taken.failed.map(({ reason }) => reason)).to.eql(['It is no conversation: id: Invalid input.']);
    expect((await bytesOf(taken.failed[0]?.raw?.open)).toString()).to.equal('{"history":"none"}');
  });

  it('zendesk: messages, files and what happened, pages and rating beside', async () => {
    const { items, failed } = await desk.take('chats.json', json([zendeskChat('2611.1')]), {
      config: { provider: 'zendesk' },
    });
    expect(failed).to.deep.equal([]);
    expect(items.map(shown)).to.deep.equal([
      ['from anna@kunde.example', 'system', 'inbound', 'Visitor 1337 joined the chat'],
      ['from anna@kunde.example', 'message', 'inbound', 'Is the hall free?'],
      ['agent Olli', 'message', 'outbound', 'It is'],
      ['agent Olli', 'message', 'outbound', 'File: hall.pdf'],
      ['from anna@kunde.example', 'system', 'inbound', 'Rated good'],
    ]);
    expect(items[0]?.details).to.deep.equal({
      chat: {
        pages: [{ at: '2026-11-12T08:58:00.000Z', title: 'The hall', url: 'https://varaamo.example/hall' }],
        rating: 'good',
        comment: null,
        tags: ['hall'],
        department: 'Support',
      },
    });
    const left = {
      id: '3',
      type: 'offline_msg',
      timestamp: '2026-11-12T20:00:00Z',
      message: 'Call me',
      visitor: { name: 'Bo' },
    };
    const offline = await desk.take('offline.json', json(left), { config: { provider: 'zendesk' } });
    expect(offline.items.map(shown)).to.deep.equal([['from account1:3', 'message', 'inbound', 'Call me']]);
  });

  it('zendesk: a chat in which nobody wrote is kept with what the visitor said of it, one without its history is no chat', async () => {
    const { history: _, ...bare } = zendeskChat('2611.8');
    const chat = { ...bare, rating: 'bad', comment: 'Nobody answered me' };
    const config = { provider: 'zendesk' };
    const { items, failed } = await desk.take('chats.json', json([{ ...chat, history: [] }, chat]), { config });
    expect(items.map(shown)).to.eql([
      ['from anna@kunde.example', 'system', 'inbound', 'Visitor 1337 opened the chat, in which nobody wrote'],
      ['from anna@kunde.example', 'system', 'inbound', 'Rated bad'],
      ['from anna@kunde.example', 'system', 'inbound', 'Comment: Nobody answered me'],
    ]);
    expect(items.map(({ occurredAt }) => occurredAt.toISOString())).to.eql(Array(3).fill('2026-11-12T09:00:00.000Z'));
    expect(failed.map(({ reason }) => reason)).to.eql([
      'It is no conversation: history: expected the messages of the chat.',
    ]);
  });

  it('what can not be read among conversations is kept, the rest goes on', async () => {
    const whole = json(intercomConversation('1'));
    const late = json({ ...intercomConversation('2'), created_at: 'then' });
    const { items, failed } = await desk.take(
      'intercom.json',
      `[${whole}, oops, {"id": nul}, ${late}, ${whole.slice(0, 99)}`,
    );
    expect(items).to.have.length(4);
    expect(failed.map(({ reason }) => reason)).to.deep.equal([
      'It is not JSON.',
      'It is not JSON.',
      'It is no conversation: created_at: expected a time.',
      'The file breaks off in this conversation.',
    ]);
    expect((await bytesOf(failed[0]?.raw?.open)).toString()).to.equal('oops');
    const lines = await desk.take('intercom.ndjson', `${whole}\n{"id": \n${json(intercomConversation('3'))}\n`);
    expect([lines.items.length, lines.failed.length]).to.deep.equal([8, 1]);
    const none = await desk.take('chat.pdf', '%PDF-1.7', { config: { provider: 'intercom' } });
    expect(none.failed.map(({ reason }) => reason)).to.deep.equal([
      'It is no chat export that is known: neither text nor JSON.',
    ]);
  });

  it('finds the same records however the bytes come', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.dictionary(fc.string({ maxLength: 5 }), fc.jsonValue({ maxDepth: 3 }), { noNullPrototype: true })),
        fc.constantFrom('array', 'answer', 'lines'),
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }),
        async (values, form, cuts) => {
          const forms = {
            array: json(values),
            answer: json({ next: '"[', chats: values, count: [1] }),
            lines: values.map(json).join('\n'),
          };
          const bytes = Buffer.from(forms[form]);
          const source = async function* () {
            for (let at = 0, n = 0; at < bytes.length; n++) {
              const length = cuts[n % cuts.length] ?? 1;
              yield bytes.subarray(at, at + length);
              at += length;
            }
          };
          const found: unknown[] = [];
          for await (const { bytes: record, isWhole } of recordsIn(source(), ['chats'])) {
            expect(isWhole).to.equal(true);
            found.push(JSON.parse(record?.toString() ?? ''));
          }
          expect(found).to.deep.equal(JSON.parse(json(values)));
        },
      ),
      { numRuns: 200 },
    ));

  it('takes many in batches, and from the start when another file lies there than was begun', async () => {
    const many = json(Array.from({ length: 120 }, (_, n) => intercomConversation(String(n))));
    const { items, positions } = await desk.take('intercom.json', many);
    expect(items).to.have.length(480);
    expect(positions.length).to.be.above(2);
    const other = await desk.take('intercom.json', many, { from: { version: 'another', done: 60 } });
    expect(other.items).to.have.length(480);
  });

  it('a conversation of many messages comes in batches', async () => {
    const part = { id: 'p', part_type: 'comment', body: 'x', created_at: 1794466800 };
    const parts = Array.from({ length: 1050 }, (_, n) => ({ ...part, id: `p${n}` }));
    const whole = { ...intercomConversation('9'), source: null, conversation_parts: { conversation_parts: parts } };
    const { items, positions } = await desk.take('intercom.json', json(whole));
    expect([items.length, positions.length]).to.deep.equal([1050, 11]);
  });
});
