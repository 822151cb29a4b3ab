import { expect } from 'chai';
import { slackDays, slackFiles, slackZip } from '../../../connectors/transcripts/fixtures/exports.ts';
import { zipOf } from '../../../connectors/transcripts/fixtures/zip.ts';
import { plainText } from '../../../connectors/transcripts/slack/text.ts';
import { bytesOf, makeDesk, shown } from './support.ts';

const json = (value: unknown): string => JSON.stringify(value);

describe('transcripts: exports of Slack', () => {
  let desk: Awaited<ReturnType<typeof makeDesk>>;
  before(async () => {
    desk = await makeDesk();
  });
  after(() => desk.remove());

  it('people by users.json, threads as conversations of their own, bots and joins as system', async () => {
    const { items, failed } = await desk.take('slack.zip', slackZip, { config: { provider: 'slack' } });
    expect(failed).to.deep.equal([]);
    expect(items.map(shown)).to.deep.equal([
      ['from anna@kunde.example', 'system', 'inbound', '@Anna Schmidt has joined the channel'],
      ['from anna@kunde.example', 'message', 'inbound', 'Is the hall free? @Olli & others'],
      ['agent olli@varaamo.example', 'message', 'outbound', 'A question about invoices'],
      [
        'agent olli@varaamo.example',
        'message',
        'outbound',
        'Yes: the hall (https://varaamo.example/hall)\nFile: hall.pdf',
      ],
      ['agent Build', 'system', 'outbound', 'Done'],
      ['from anna@kunde.example', 'message', 'inbound', 'Which ones?'],
    ]);
    expect(items.map(({ belongsToExternalId }) => belongsToExternalId)).to.deep.equal([
      'C01/2026-11-12',
      'C01/2026-11-12',
      '1794466900.000200',
      'C01/2026-11-12',
      'C01/2026-11-12',
      '1794466900.000200',
    ]);
    for (const { participants, parties = [], subject } of items) {
      expect(parties.map(index => participants[index]?.identifier.value)).to.deep.equal(['anna@kunde.example']);
      expect(subject).to.equal('#support');
    }
    expect(items[1]?.occurredAt.toISOString()).to.equal('2026-11-12T07:00:00.000Z');
    expect(items.some(({ proven }) => proven)).to.equal(false);
  });

  it('a day by itself has the messages of the whole export, by the same keys', async () => {
    const whole = await desk.take('slack.zip', slackZip);
    const day = await desk.take('2026-11-12.json', json(slackDays['2026-11-12']));
    expect(day.items).to.have.length(5);
    const known = new Set(whole.items.map(({ sourceKey }) => sourceKey));
    expect(day.items.filter(({ sourceKey }) => !known.has(sourceKey))).to.deep.equal([]);
    expect(day.items[1]?.participants[0]?.identifier).to.deep.equal({ type: 'chat', value: 'account1:U01' });
  });

  it('what is broken is kept, the rest goes on', async () => {
    const bytes = zipOf([
      { name: 'export/users.json', bytes: '[]' },
      { name: 'export/a/2026-11-12.json', bytes: '[{"ts":"1794466800.000100","text":"one"},{"text":"no time"},7]' },
      { name: 'export/a/2026-11-13.json', bytes: '[{"ts":' },
      { name: 'export/b/2026-11-12.json', bytes: '[{"ts":"1794466800.000100","user":"U9","text":"two"}]' },
    ]);
    const { items, failed } = await desk.take('slack.zip', bytes);
    expect(items.map(({ text }) => text)).to.deep.equal(['one', 'two']);
    expect(failed.map(({ reason }) => reason)).to.deep.equal([
      'It is no message of Slack: ts is not as expected.',
      'It is no message of Slack: it is not as expected.',
      'It is no list of messages in JSON, or over 64 MB.',
    ]);
    expect((await bytesOf(failed[2]?.raw?.open)).toString()).to.equal('[{"ts":');
  });

  it('who is in a group’s direct messages has them, also when only we wrote', async () => {
    const person = (id: string) => ({
      id,
      name: id,
      profile: { email: id === 'U3' ? 'olli@varaamo.example' : `${id}@kunde.example` },
    });
    const lists = {
      'users.json': ['U1', 'U2', 'U3'].map(person),
      'channels.json': [{ id: 'C1', name: 'support', members: ['U1', 'U3'] }],
      'mpims.json': [{ id: 'G1', name: 'mpdm-u1--u2--u3-1', members: ['U1', 'U2', 'U3'] }],
    };
    const ours = [{ ts: '1794466800.000100', user: 'U3', text: 'Hei kaikki' }];
    const files = { ...lists, 'support/2026-11-12.json': ours, 'mpdm-u1--u2--u3-1/2026-11-12.json': ours };
    const packed = Object.entries(files).map(([name, value]) => ({ name, bytes: json(value) }));
    const { items } = await desk.take('slack.zip', zipOf(packed));
    const parties = items.map(({ parties = [], participants }) =>
      parties.map(one => participants[one]?.identifier.value),
    );
    expect(parties).to.have.deep.members([[], ['U1@kunde.example', 'U2@kunde.example']]);
  });

  it('an app’s message that has its words in blocks has them', async () => {
    const section = (...elements: object[]) => ({ type: 'rich_text_section', elements });
    const blocks = [
      { type: 'header', text: { type: 'plain_text', text: 'Tilaus 12 & 13' } },
      {
        type: 'section',
        text: { type: 'mrkdwn', text: '<@U1> tilasi' },
        fields: [{ type: 'mrkdwn', text: '*2* kpl' }],
      },
      { type: 'divider' },
      {
        type: 'rich_text',
        elements: [
          section(
            { type: 'text', text: 'a < b ' },
            { type: 'user', user_id: 'U1' },
            { type: 'link', url: 'https://a.example', text: 'tästä' },
          ),
          {
            type: 'rich_text_list',
            elements: [section({ type: 'text', text: 'yksi' }), section({ type: 'text', text: 'kaksi' })],
          },
        ],
      },
    ];
    const day = [{ ts: '1794466800.000100', user: 'U1', text: '', blocks }];
    const { items } = await desk.take('2026-11-12.json', json(day));
    expect(items[0]?.text).to.equal(
      'Tilaus 12 & 13\n@U1 tilasi\n*2* kpl\na < b @U1tästä (https://a.example)\nyksi\nkaksi',
    );
    const plain = await desk.take('2026-11-12.json', json([{ ...day[0], blocks: undefined }]));
    expect(plain.items[0]?.sourceKey).to.equal(items[0]?.sourceKey);
  });

  it('its marks are read as text', () => {
    const text = (marked: string) => plainText(marked, id => ({ U01: 'Anna' })[id]);
    expect(text('<@U01> <@U02|bob> <@U03>')).to.equal('@Anna @bob @U03');
    expect(text('<#C01|support> <!here> <!subteam^S1|@team>')).to.equal('#support @here @team');
    expect(text('<https://a.example> <mailto:a@b.example|a@b.example> &lt;b&gt; &amp;amp;')).to.equal(
      'https://a.example a@b.example <b> &amp;',
    );
  });

  it('of an organisation with several workspaces gives the same', async () => {
    const renamed = slackFiles.map(one => ({ ...one, name: one.name.replace(/^users/, 'org_users') }));
    const [plain, org] = [await desk.take('slack.zip', slackZip), await desk.take('slack.zip', zipOf(renamed))];
    expect(org.failed).to.eql([]);
    expect(org.items.map(shown)).to.eql(plain.items.map(shown));
    expect(org.items.map(({ sourceKey }) => sourceKey)).to.eql(plain.items.map(({ sourceKey }) => sourceKey));
  });

  it('the same words at the same time in two channels are two messages, and so are threads', async () => {
    const day = json([
      { ts: '1453000000.000002', user: 'U01', text: '<@U01> has joined the channel', subtype: 'channel_join' },
      { ts: '1453000009.000003', user: 'U01', text: 'ok', thread_ts: '1453000001.000002' },
    ]);
    const bytes = zipOf([
      {
        name: 'channels.json',
        bytes: json([
          { id: 'C01', name: 'a' },
          { id: 'C02', name: 'b' },
        ]),
      },
      { name: 'a/2016-01-17.json', bytes: day },
      { name: 'b/2016-01-17.json', bytes: day },
    ]);
    const { items } = await desk.take('slack.zip', bytes);
    expect(new Set(items.map(({ sourceKey }) => sourceKey)).size).to.equal(4);
    expect(new Set(items.map(({ belongsTo }) => belongsTo)).size).to.equal(4);
    const alone = await desk.take('2016-01-17.json', day);
    expect(alone.items.map(({ sourceKey }) => sourceKey)).to.eql(items.slice(0, 2).map(({ sourceKey }) => sourceKey));
    const again = await desk.take('slack.zip', bytes);
    expect(again.items.map(({ sourceKey }) => sourceKey)).to.eql(items.map(({ sourceKey }) => sourceKey));
  });

  it('what no message names is kept, and what lies beside the export is read', async () => {
    const { items, failed } = await desk.take(
      'all.zip',
      zipOf([
        ...slackFiles.map(one => ({ ...one, name: `slack/${one.name}` })),
        { name: 'slack/support/attachments/F01-hall.pdf', bytes: '%PDF' },
        { name: 'slack/canvases.json', bytes: '[]' },
        { name: 'other/_chat.txt', bytes: '12.11.2026 klo 9.00 - Päivi: Hei' },
      ]),
    );
    expect(items.map(({ channel }) => channel)).to.eql([...Array(6).fill('chat'), 'whatsapp']);
    const reason = 'It belongs to no message: the export of Slack names no such file.';
    expect(failed.map(one => one.reason)).to.eql([reason, reason]);
    expect((await bytesOf(failed[0]?.raw?.open)).toString()).to.equal('%PDF');
  });

  it('what bots say is read as text, and a comment on a file is its writer’s', async () => {
    const { items } = await desk.take(
      'slack.zip',
      zipOf([
        slackFiles.find(({ name }) => name === 'users.json') ?? { name: 'users.json', bytes: '[]' },
        {
          name: 'a/2026-11-12.json',
          bytes: json([
            {
              ts: '1.1',
              bot_id: 'B1',
              text: '',
              attachments: [{ fallback: '<https://a.example|1 new commit> &amp; more' }],
            },
            { ts: '1.2', subtype: 'file_comment', text: 'Nice', comment: { user: 'U01', comment: 'Nice' } },
          ]),
        },
      ]),
    );
    expect(items.map(one => shown(one).toSpliced(1, 2))).to.eql([
      ['agent Bot', '1 new commit (https://a.example) & more'],
      ['from anna@kunde.example', 'Nice'],
    ]);
  });

  it('Slackbot is nobody’s contact, and what it reminds of is a system line', async () => {
    const users = [
      { id: 'USLACKBOT', name: 'slackbot', is_bot: false, profile: { real_name: 'Slackbot' } },
      { id: 'U0000001A', profile: { real_name: 'Olli', email: 'olli@varaamo.example' } },
    ];
    const days = {
      'D1/2026-11-12.json': [{ ts: '1.1', user: 'USLACKBOT', text: 'Reminder: call Anna' }],
      'a/2026-11-12.json': [
        { ts: '2.1', user: 'USLACKBOT', text: 'Reminder: standup' },
        { ts: '2.2', user: 'U0000001A', text: 'ok', thread_ts: '2.1', parent_user_id: 'USLACKBOT' },
      ],
      'dms.json': [{ id: 'D1', members: ['U0000001A', 'USLACKBOT'] }],
    };
    const filesOf = (all: object) => Object.entries(all).map(([name, value]) => ({ name, bytes: json(value) }));
    for (const known of [users, users.slice(1)]) {
      const { items } = await desk.take('slack.zip', zipOf(filesOf({ 'users.json': known, ...days })));
      expect(items.map(({ parties }) => parties)).to.eql([[], [], []]);
      expect(items.map(({ message }) => message?.kind)).to.eql(['system', 'system', 'message']);
    }
    const alone = await desk.take('2026-11-12.json', json(days['a/2026-11-12.json'].slice(0, 1)));
    expect(alone.items.map(({ parties }) => parties)).to.eql([[]]);
  });

  it('the number in a profile is only suggested: two who entered the same one are two', async () => {
    const profile = { phone: '+358 9 3157 0000' };
    const users = ['U0000000A', 'U0000000B'].map(id => ({ id, name: id, profile }));
    const messages = users.map(({ id }, n) => ({ ts: `1.${n}`, user: id, text: 'hei', user_profile: profile }));
    const files = { 'users.json': users, 'channels.json': [], 'a/2026-11-12.json': messages };
    const packed = Object.entries(files).map(([name, value]) => ({ name, bytes: json(value) }));
    for (const { items } of [
      await desk.take('slack.zip', zipOf(packed)),
      await desk.take('2026-11-12.json', json(messages)),
    ])
      for (const { participants, parties, proven } of items) {
        expect(new Set(participants.map(({ identifier }) => identifier.value))).to.eql(
          new Set(['U0000000A', 'U0000000B']),
        );
        expect([parties, proven]).to.eql([[0, 1], undefined]);
        expect(participants[0]?.also).to.eql([{ type: 'phone', value: '+358 9 3157 0000' }]);
      }
  });

  it('what a log of edits has: the words before and after, by whoever wrote them', async () => {
    const was = { type: 'message', user: 'U0000001A', ts: '1.1', text: 'At 5 &amp; 6' };
    const logged = (subtype: string, more: object) => ({ type: 'message', subtype, hidden: true, ...more });
    const day = [
      logged('message_changed', { ts: '1.2', message: { ...was, text: 'At 7', edited: { ts: '1.2' } }, original: was }),
      logged('message_deleted', { ts: '1.3', previous_message: { ...was, files: [{ id: 'F1', name: 'a.pdf' }] } }),
      logged('message_deleted', { ts: '1.4', previous_message: { ...was, thread_ts: '1.0' } }),
      logged('message_deleted', {
        ts: '1.5',
        original: { ...was, text: '', blocks: [{ type: 'plain_text', text: 'x' }] },
      }),
      logged('message_deleted', { ts: '1.6', deleted_ts: '1.1' }),
    ];
    const { items } = await desk.take('2026-11-12.json', json(day));
    const [who, system] = ['from U0000001A', 'system'];
    expect(items.map(one => shown(one).filter((_, n) => n !== 2))).to.eql([
      [who, system, 'Before: At 5 & 6\nChanged to: At 7'],
      [who, system, 'Deleted: At 5 & 6\nFile: a.pdf'],
      [who, system, 'Deleted: At 5 & 6'],
      [who, system, 'Deleted: x'],
      ['to U0000001A', system, 'message deleted'],
    ]);
    expect(items.map(({ belongsTo }) => belongsTo === items[0]?.belongsTo)).to.eql([true, true, false, true, true]);
    expect(JSON.parse((await bytesOf(items[0]?.raw?.open)).toString())).to.eql(day[0]);
  });

  it('a forwarded message is shown below what was written to it', async () => {
    const attachments = [
      {
        is_share: true,
        is_msg_unfurl: true,
        fallback: '[Nov 12th] anna: Is the hall free?',
        text: 'Is the hall free?',
      },
      { title: 'A preview of a link', fallback: 'A page' },
    ];
    const message = { ts: '1.1', user: 'U0000001A', text: 'see this', attachments };
    const { items } = await desk.take('2026-11-12.json', json([message]));
    expect(items[0]?.text).to.equal('see this\n[Nov 12th] anna: Is the hall free?');
  });
});
