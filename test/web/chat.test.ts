import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { io, type Socket } from 'socket.io-client';
import { until } from '../connectors/chat/support.ts';
import { axeFaults } from './axe.ts';
import { reading, wheel } from './stream.ts';
import { type Desk, openDesk } from './support.ts';

interface Said {
  text: string;
  from: { role: string; name: string };
  parts: { name: string; url: string }[];
}

describe('a chat on the timeline', function () {
  this.timeout(90_000);
  let desk: Desk;
  let account: string;
  const sockets: Socket[] = [];
  before(async function () {
    desk = await openDesk(this);
    ({ id: account } = await desk.api<{ id: string }>('POST', '/accounts', {
      connector: 'chat',
      name: 'Verkkosivut',
      config: {},
    }));
  });
  after(() => {
    for (const socket of sockets) socket.close();
  });

  const visit = async (name: string, over: object = {}) => {
    const socket = io(`${desk.address}/visitor`, {
      auth: { account, name, ...over },
      transports: ['websocket'],
      forceNew: true,
    });
    sockets.push(socket);
    const got: Said[] = [];
    socket.on('message', (message: Said) => got.push(message));
    const { conversation } = await new Promise<{ conversation: string }>(resolve => socket.once('session', resolve));
    const say = (text: string) => socket.emitWithAck('message', { id: randomUUID(), conversation, text });
    return { socket, got, conversation, say };
  };
  const openChat = async (conversation: string, first?: (page: Page) => Promise<void>): Promise<Page> => {
    const { participants } = await desk.api<{ participants: { contact: string }[] }>(
      'GET',
      `/interactions/${conversation}`,
    );
    const page = await desk.open();
    await first?.(page);
    await page.goto(`/contacts/${participants[0]?.contact}`);
    await page.locator('article.entry .entry-head').first().click();
    await page.getByRole('textbox', { name: 'Answer the visitor' }).waitFor();
    return page;
  };
  const bubbles = (page: Page): Promise<string[]> => page.locator('.message .bubble').allTextContents();

  it('is answered where it is read, and goes on as it is written', async () => {
    const visitor = await visit('Päivi');
    await visitor.say('Hei! Onko tiistai vapaa?');
    const page = await openChat(visitor.conversation);
    await page.getByText('The visitor is here').waitFor();
    visitor.socket.emit('typing');
    await page.getByText('Päivi is writing…').waitFor();
    await page.getByRole('textbox', { name: 'Answer the visitor' }).fill('Hei Päivi, on.');
    await page.keyboard.press('Enter');
    await until('the visitor', () => visitor.got.length === 1);
    expect(visitor.got[0]).to.include({ text: 'Hei Päivi, on.' });
    await visitor.say('Kiitos!');
    await page.locator('.bubble', { hasText: 'Kiitos!' }).first().waitFor();
    expect(await bubbles(page)).to.deep.equal(['Hei! Onko tiistai vapaa?', 'Hei Päivi, on.', 'Kiitos!']);
    visitor.socket.close();
    await page.getByText('The visitor has left', { exact: false }).waitFor();
    expect(await axeFaults(page, { within: '.message' })).to.deep.equal([]);
    await page.close();
  });

  it('keeps the box in the window for who writes in it, however long the talk gets', async () => {
    const visitor = await visit('Oona');
    await visitor.say('Moi!');
    const page = await openChat(visitor.conversation);
    await page.setViewportSize({ width: 1280, height: 560 });
    const box = page.locator('form.answer');
    const below = async () => {
      const { y, height } = (await box.boundingBox()) ?? { y: Number.NaN, height: 0 };
      return y + height - 560;
    };
    await box.getByRole('textbox').click();
    for (const turn of [1, 2, 3, 4]) {
      await page.keyboard.type(`Vastaus ${turn}`);
      if (turn % 2) await page.keyboard.press('Enter');
      else await box.getByRole('button', { name: 'Send', exact: true }).click();
      await until('the answer', () => visitor.got.length === turn);
      await visitor.say(`Kysymys ${turn}: onko tiistai vapaa?`);
      await page.locator('.conversation .bubble', { hasText: `Kysymys ${turn}` }).waitFor();
      await until('the box', async () => (await below()) <= 0);
    }
    await wheel(page, -2000);
    await until('its reader to be up there', async () => (await below()) > 0);
    const { top } = await reading(page);
    await visitor.say('Kysymys 5');
    await page.locator('.conversation .bubble', { hasText: 'Kysymys 5' }).waitFor();
    expect((await reading(page)).top).to.be.closeTo(top, 1);
    await page.context().close();
  });

  it('takes notes that look otherwise and never reach the visitor', async () => {
    const visitor = await visit('Matti');
    await visitor.say('Hei');
    const page = await openChat(visitor.conversation);
    await page.getByRole('button', { name: 'Note', exact: true }).click();
    const note = page.getByRole('textbox', { name: /Internal note/ });
    await note.fill('An old customer');
    await page.getByRole('button', { name: 'Add the note' }).click();
    await page.locator('.said.note', { hasText: 'An old customer' }).getByText('Internal note').waitFor();
    await page.getByRole('button', { name: 'Message', exact: true }).click();
    await page.getByRole('textbox', { name: 'Answer the visitor' }).fill('Moi');
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await until('the answer', () => visitor.got.length === 1);
    expect(visitor.got.map(({ text }) => text)).to.deep.equal(['Moi']);
    await page.locator('article.entry .entry-head').first().click();
    await page.locator('.bubble-line.out', { hasText: 'Moi' }).waitFor(); // shut, it still says whose words they are
    await page.close();
  });

  it('keeps what is being written when its row leaves the page and comes back', async () => {
    const visitor = await visit('Helmi');
    await visitor.say('Hei!');
    const page = await openChat(visitor.conversation);
    const field = page.getByRole('textbox', { name: 'Answer the visitor' });
    await field.fill('Half an answer');
    const head = page.locator('article.entry .entry-head').first();
    await head.click();
    await field.waitFor({ state: 'detached' });
    await head.click();
    expect(await field.inputValue()).to.equal('Half an answer');
    await page.context().close();
  });

  it('keeps what is being written when the page is loaded again, until one signs out', async () => {
    const visitor = await visit('Oona');
    await visitor.say('Hei!');
    const page = await openChat(visitor.conversation);
    const field = page.getByRole('textbox', { name: 'Answer the visitor' });
    await field.fill('Half an answer');
    await page.reload();
    await page.locator('article.entry .entry-head').first().click();
    await field.waitFor();
    expect(await field.inputValue()).to.equal('Half an answer');
    await page.getByRole('button', { name: 'Your account' }).click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(await page.evaluate(() => JSON.stringify(sessionStorage))).not.to.contain('Half an answer');
    await page.context().close();
  });

  it('shows once what was taken, though its acknowledgement was lost', async () => {
    const visitor = await visit('Reino');
    await visitor.say('Hei!');
    let mine = false;
    const page = await openChat(visitor.conversation, opened =>
      opened.routeWebSocket(/socket\.io/, socket => {
        const hub = socket.connectToServer();
        socket.onMessage(message => {
          mine ||= String(message).includes('It was taken');
          hub.send(message);
        });
        hub.onMessage(message => {
          if (!mine || !String(message).startsWith('43')) return socket.send(message);
          mine = false;
          return void socket.close();
        });
      }),
    );
    await page.getByRole('textbox', { name: 'Answer the visitor' }).fill('It was taken');
    await page.keyboard.press('Enter');
    await page.locator('.conversation .bubble', { hasText: 'It was taken' }).waitFor();
    await page.getByText('Not sent').waitFor({ state: 'detached' });
    expect(await bubbles(page)).to.deep.equal(['Hei!', 'It was taken']);
    expect(await page.evaluate(() => JSON.stringify(sessionStorage))).not.to.contain('It was taken');
    expect(visitor.got.map(({ text }) => text)).to.deep.equal(['It was taken']);
    await page.context().close();
  });

  it('sends what was on its way when the page was left, once', async () => {
    const visitor = await visit('Lauri');
    await visitor.say('Hei!');
    let lost = true;
    const page = await openChat(visitor.conversation, opened =>
      opened.routeWebSocket(/socket\.io/, socket => {
        const hub = socket.connectToServer();
        socket.onMessage(message => {
          if (!(lost && String(message).includes('On its way'))) hub.send(message);
        });
      }),
    );
    await page.getByRole('textbox', { name: 'Answer the visitor' }).fill('On its way');
    await page.keyboard.press('Enter');
    await page.getByText('Sending…').waitFor();
    lost = false;
    await page.reload();
    await until('the answer', () => visitor.got.length > 0);
    await page.locator('article.entry .entry-head').first().click();
    await page.locator('.conversation .bubble', { hasText: 'On its way' }).waitFor();
    expect(await bubbles(page)).to.deep.equal(['Hei!', 'On its way']);
    expect(visitor.got.map(({ text }) => text)).to.deep.equal(['On its way']);
    await page.context().close();
  });

  it('shows what came before the last 200 messages', async () => {
    const visitor = await visit('Eino');
    await visitor.say('Hei!');
    const { messages } = desk.hub.core.models;
    const [first] = await messages.collection.find({ interaction: visitor.conversation as never }).toArray();
    const more = Array.from({ length: 404 }, (_, at) => ({
      ...first,
      _id: `${first?._id}-${at}` as never,
      externalId: `more-${at}`,
      seq: at + 2,
      text: `Rivi ${at + 2}`,
    }));
    await messages.collection.insertMany(more);
    const page = await openChat(visitor.conversation);
    const said = page.locator('.conversation .said');
    expect(await said.count()).to.equal(200);
    await page.getByRole('button', { name: 'Load earlier messages' }).click();
    await said.nth(399).waitFor();
    await page.getByRole('button', { name: 'Load earlier messages' }).click();
    await said.nth(404).waitFor();
    const texts = await said.locator('.bubble').allTextContents();
    expect(texts).to.deep.equal(['Hei!', ...more.map(({ text }) => text)]);
    expect(await page.getByRole('button', { name: 'Load earlier messages' }).count()).to.equal(0);
    await page.context().close();
  });

  it('sends files, one at a time, and says so while they are on their way', async () => {
    const visitor = await visit('Tuula');
    await visitor.say('Lasku?');
    const page = await openChat(visitor.conversation);
    const field = page.locator('.answer input[type=file]');
    const bill = { name: 'lasku.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-') };
    const attach = page.getByRole('button', { name: 'Attach a file' });
    let refused = true;
    let goOn = (): void => undefined;
    const held = new Promise<void>(resolve => {
      goOn = resolve;
    });
    await page.route('**/files', async route => {
      const problem = { title: 'Too large', status: 413, detail: 'Too large' };
      if (refused) return route.fulfill({ status: 413, json: problem });
      await held;
      return route.continue();
    });
    await field.setInputFiles(bill);
    const fault = page.locator('.answer .bad', { hasText: 'Too large' });
    await fault.waitFor();
    refused = false;
    await field.setInputFiles(bill);
    await page.locator('.answer').getByText('Sending lasku.pdf…').waitFor();
    expect(await fault.count()).to.equal(0);
    expect(await attach.isDisabled()).to.equal(true);
    goOn();
    await until('the file', () => visitor.got.length === 1);
    expect(visitor.got[0]?.parts[0]?.name).to.equal('lasku.pdf');
    await page.locator('.answer').getByText('Sending').waitFor({ state: 'detached' });
    expect(await attach.isDisabled()).to.equal(false);
    const link = page.locator('.message a.file', { hasText: 'lasku.pdf' });
    await link.waitFor();
    const answer = await page.request.get((await link.getAttribute('href')) ?? '');
    expect((await answer.body()).toString()).to.equal('%PDF-');
    await page.close();
  });

  it('says what a visitor only says of itself', async () => {
    const visitor = await visit('Tuula', { identity: { type: 'username', value: 'tuula' } });
    await visitor.say('I am Tuula');
    const page = await openChat(visitor.conversation);
    await page.getByText('Says to be tuula. This is not proven.').waitFor();
    await page.close();
  });
});
