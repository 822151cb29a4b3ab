import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import {
  AMERICAN,
  FINNISH,
  intercomConversation,
  PICTURE,
  slackDays,
  whatsappZip,
} from '../../../connectors/transcripts/fixtures/exports.ts';
import { zipOf } from '../../../connectors/transcripts/fixtures/zip.ts';
import { accountOf, bytesOf, connector, makeDesk } from './support.ts';

const json = (value: unknown): string => JSON.stringify(value);

describe('transcripts: archives and folders', () => {
  let desk: Awaited<ReturnType<typeof makeDesk>>;
  before(async () => {
    desk = await makeDesk();
  });
  after(() => desk.remove());

  it('takes a folder as it takes a zip', async () => {
    const folder = join(desk.folder, 'Chat with Anna');
    await mkdir(folder);
    await writeFile(join(folder, 'WhatsApp-keskustelu.txt'), FINNISH);
    await writeFile(join(folder, 'IMG-20261112-WA0001.jpg'), PICTURE);
    const signal = new AbortController().signal;
    const files: (string | undefined)[] = [];
    let items = 0;
    for await (const batch of connector.importFile?.(accountOf(), { name: 'Chat', path: folder }, signal) ?? []) {
      items += batch.items.length;
      files.push(...batch.items.flatMap(({ parts }) => parts.map(({ name }) => name)));
    }
    expect(items).to.equal(6);
    expect(files).to.deep.equal(['IMG-20261112-WA0001.jpg']);
  });

  it('takes each chat in a folder, and says what of it is none', async () => {
    const folder = join(desk.folder, 'all');
    const put = async (name: string, bytes: Buffer | string) => {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), bytes);
    };
    await put('a/_chat.txt', FINNISH);
    await put('a/IMG-20261112-WA0001.jpg', PICTURE);
    await put('b/_chat.txt', FINNISH.replaceAll('1234567', '7654321'));
    await put('c.zip', whatsappZip);
    await put('intercom.json', json([intercomConversation('1')]));
    await put('notes.txt', 'no chat');
    const signal = new AbortController().signal;
    const [chats, failed] = [new Map<string, number>(), [] as string[]];
    for await (const batch of connector.importFile?.(accountOf(), { name: 'all', path: folder }, signal) ?? []) {
      for (const { belongsTo = '' } of batch.items) chats.set(belongsTo, (chats.get(belongsTo) ?? 0) + 1);
      failed.push(...batch.failed.map(({ reason }) => reason));
    }
    expect([...chats.values()]).to.deep.equal([12, 6, 4]);
    expect(failed).to.deep.equal(['No message in the chat names this file.']);
  });

  it('a text that somebody sent in a chat is no chat, and no file of an archive is lost in silence', async () => {
    const forged = '12.11.2026 klo 9.00 - Olli Agentti: Maksamme takaisin';
    const chat = '12.11.2026 klo 9.00 - +358 40 1234567: WhatsApp Chat.txt (tiedosto liitetty)';
    const { items, failed } = await desk.take(
      'chat.zip',
      zipOf([
        { name: 'WhatsApp Chat with Päivi.txt', bytes: chat },
        { name: 'WhatsApp Chat.txt', bytes: forged },
        { name: 'STK-20261112-WA0009.webp', bytes: PICTURE },
      ]),
    );
    expect(items.map(({ parts }) => parts.map(({ name }) => name))).to.deep.equal([['WhatsApp Chat.txt']]);
    expect(failed.map(({ reason }) => reason)).to.deep.equal(['No message in the chat names this file.']);
    expect((await bytesOf(failed[0]?.raw?.open)).equals(PICTURE)).to.equal(true);
    const nothing = await desk.take('chat.zip', zipOf([{ name: 'a/b.pdf', bytes: '%PDF' }]));
    expect(nothing.failed.map(({ reason }) => reason)).to.deep.equal(['It is no chat export that is known.']);
  });

  it('what is read now says under which locators it may lie in quarantine', async () => {
    const reminder = '12.11.2026 klo 9.00 - Päivi: Hei';
    const handedIn: [string, string | Buffer, object, object][] = [
      ['chat.txt', AMERICAN, { dateOrder: 'dmy' }, { dateOrder: 'mdy' }],
      ['chat.txt', reminder, { agents: [] }, { agents: ['Olli'] }],
      ['_chat.txt', '12.11.2026 klo 9.00 - Olli: Hei', { agents: ['Olli'] }, { agents: ['Anna'] }],
      [
        'a.json',
        '[{"id":"1","type":"offline_msg","message":"Hei","timestamp":"2026-11-12T09:00:00Z"}]',
        { provider: 'intercom' },
        { provider: 'zendesk' },
      ],
    ];
    for (const [name, bytes, wrong, right] of handedIn) {
      const { failed } = await desk.take(name, bytes, { config: wrong });
      const { items } = await desk.take(name, bytes, { config: right });
      expect(failed).to.have.length(1);
      expect(
        items.flatMap(({ quarantinedAs = [] }) => quarantinedAs),
        name,
      ).to.include(failed[0]?.locator);
    }
  });

  it('what breaks in an archive does not stop the import', async () => {
    const packed = Buffer.from('no deflate');
    const slack = zipOf([
      { name: 'users.json', bytes: '[]' },
      { name: 'channels.json', bytes: '[]', packed },
      { name: 'a/2026-11-12.json', bytes: json(slackDays['2026-11-12']), packed },
      { name: 'a/2026-11-13.json', bytes: json(slackDays['2026-11-13']) },
    ]);
    const taken = await desk.take('slack.zip', slack);
    expect(taken.items.map(({ text }) => text)).to.deep.equal(['Which ones?']);
    expect(taken.failed.map(({ reason }) => reason)).to.deep.equal([
      'It is no list of people or channels in JSON. It is broken in the archive.',
      'It is no list of messages in JSON, or over 64 MB. It is broken in the archive.',
    ]);
    const chat = await desk.take('chat.zip', zipOf([{ name: '_chat.txt', bytes: FINNISH, packed }]));
    expect(chat.failed.map(({ reason }) => reason)).to.deep.equal([
      "The chat can't be read. It is broken in the archive.",
    ]);
    expect(chat.failed[0]?.raw, 'the archive itself').to.not.equal(undefined);
    const conversations = await desk.take('x.zip', zipOf([{ name: 'intercom.json', bytes: '[]', packed }]));
    expect(conversations.failed).to.have.length(1);
    const encrypted = await desk.take('chat.zip', zipOf([{ name: '_chat.txt', bytes: FINNISH, flags: 1 }]));
    expect(encrypted.failed.map(({ reason }) => reason)).to.deep.equal([
      'It is encrypted: unpack it, and hand in what is in it.',
    ]);
    const cut = await desk.take('chat.zip', whatsappZip.subarray(0, -30));
    expect(cut.failed.map(({ reason }) => reason)).to.deep.equal([
      'Nothing of it is taken. It is no zip archive, or a broken one.',
    ]);
    const deep = await desk.take('deep.json', `[{"id":1,"history":${'['.repeat(200_000)}${']'.repeat(200_000)}}]`);
    expect([deep.items.length, deep.failed.length]).to.deep.equal([0, 1]);
  });
});
