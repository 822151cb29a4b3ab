import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { build } from 'vite';
import { type ChatHub, identity, openHub, SECRET, until } from '../connectors/chat/support.ts';
import { locate, needs } from '../support/needs.ts';
import { axeFaults } from './axe.ts';
import { makeWay } from './tcp.ts';

const CONFIG = fileURLToPath(new URL('../../web/widget/vite.config.ts', import.meta.url));

describe('the chat widget on another site', function () {
  this.timeout(120_000);
  let webRoot: string;
  let one: ChatHub;
  let two: ChatHub;
  let way: Awaited<ReturnType<typeof makeWay>>;
  let site: Server;
  let siteAddress: string;
  let browser: Browser;
  let context: BrowserContext;
  let account: string;
  let attributes = '';

  before(async function () {
    needs(this, 'chromium');
    webRoot = await mkdtemp(join(tmpdir(), 'widget-'));
    await build({ configFile: CONFIG, logLevel: 'error', build: { outDir: webRoot } });
    one = await openHub(undefined, webRoot);
    two = await openHub(one, webRoot);
    way = await makeWay(one.hub.address);
    site = createServer((_req, res) => {
      res.setHeader('Content-Type', 'text/html');
      res.end(`<!doctype html><html lang="en"><meta charset="utf-8"><title>Shop</title><main><h1>Shop</h1></main>
        <script src="${way.address}/widget.js" data-account="${account}" ${attributes} async></script></html>`);
    });
    await new Promise<void>(resolve => site.listen(0, '127.0.0.1', resolve));
    siteAddress = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
    browser = await chromium.launch({ executablePath: locate('chromium') ?? '', args: ['--no-sandbox'] });
  });
  after(async () => {
    await browser?.close();
    site?.close();
    await way?.close();
    await two?.close();
    await one?.close();
    await rm(webRoot, { recursive: true, force: true });
  });
  beforeEach(async () => {
    attributes = '';
    way.mend();
    way.lead(one.hub.address);
    account = await one.account({ origins: [siteAddress], identitySecret: SECRET });
    context = await browser.newContext({ locale: 'en-GB' });
    context.setDefaultTimeout(15_000);
  });
  afterEach(() => context.close());

  const visit = async (): Promise<Page> => {
    const page = await context.newPage();
    await page.goto(siteAddress);
    await page.getByRole('button', { name: /Chat with us/ }).click();
    return page;
  };
  const write = async (page: Page, text: string): Promise<void> => {
    await page.getByRole('textbox', { name: 'Write a message' }).fill(text);
    await page.keyboard.press('Enter');
    await page.locator('.bubble', { hasText: text }).last().waitFor(); // from here on it is sending, or sent
  };
  const shown = (page: Page): Promise<string[]> => page.locator('.bubble').allTextContents();
  const sees = async (page: Page, expected: string[]): Promise<void> => {
    const same = async () => (await shown(page)).join('|') === expected.join('|');
    await until('the messages', same).catch(() => undefined);
    expect(await shown(page)).to.deep.equal(expected);
  };
  const settled = (page: Page): Promise<void> =>
    until('all to be sent', async () => (await page.getByText('Sending…').count()) === 0);
  const conversations = async (): Promise<{ id: string; messages: { text: string; seq: number }[] }[]> => {
    const { body } = await one.call('GET', `interactions?account=${account}`);
    return Promise.all(
      body.items.map(async ({ id }: { id: string }) => (await one.call('GET', `interactions/${id}`)).body),
    );
  };
  const only = async () => {
    const [conversation, ...more] = await conversations();
    expect(more).to.have.length(0);
    if (!conversation) throw new Error('There is no conversation.');
    return conversation;
  };
  const textsOf = (conversation: { messages: { text: string }[] }) => conversation.messages.map(({ text }) => text);

  it('is at most 25 KB for the page that includes it', async () => {
    expect(gzipSync(await readFile(join(webRoot, 'widget.js'))).length).to.be.at.most(25 * 1024);
  });

  it('says what is kept before the first message, and talks with an agent', async () => {
    const agent = await one.agent();
    const page = await visit();
    await page.getByText('What you write here is kept for one year', { exact: false }).waitFor();
    await page.getByText('Somebody is here').waitFor();
    await write(page, 'Hei!');
    await until('the agent', () => agent.got.length === 1);
    const { id } = await only();
    agent.socket.emit('typing', { conversation: id });
    await page.getByText('is writing…', { exact: false }).waitFor();
    await agent.say(id, 'Kuinka voin auttaa?');
    await agent.say(id, 'hidden', { kind: 'note' });
    await sees(page, ['Hei!', 'Kuinka voin auttaa?']);
    expect(await axeFaults(page, { within: 'talteen-chat' })).to.deep.equal([]);
  });

  it('asks for name and address when the account says so', async () => {
    account = await one.account({ origins: [siteAddress], askName: true, askEmail: true });
    const page = await visit();
    await page.getByLabel('Your name').fill('Päivi');
    await page.getByLabel('Your e-mail address').fill('paivi@kuusilahti.example');
    await page.getByRole('button', { name: 'Start' }).click();
    await write(page, 'Hei!');
    await settled(page);
    const conversation = (await only()) as unknown as { visitor: object };
    expect(conversation.visitor).to.include({ name: 'Päivi', email: 'paivi@kuusilahti.example', verified: false });
  });

  it('sends a file, and gets one', async () => {
    const agent = await one.agent();
    const page = await visit();
    await page
      .getByLabel('Send a file')
      .setInputFiles({ name: 'kuva.png', mimeType: 'image/png', buffer: Buffer.from('png') });
    await until('the file', () => agent.got.length === 1);
    expect(agent.got[0]?.parts[0]).to.include({ name: 'kuva.png', size: 3 });
    await page
      .getByLabel('Send a file')
      .setInputFiles({ name: 'x.html', mimeType: 'text/html', buffer: Buffer.from('<script>') });
    await page.getByText('are not taken', { exact: false }).waitFor();
  });

  it('loses and doubles nothing when its tab is killed and opened again', async () => {
    const agent = await one.agent();
    const page = await visit();
    await write(page, 'first');
    await settled(page);
    way.cut();
    await write(page, 'written while away');
    await page.close();
    const { id } = await only();
    await agent.say(id, 'answered while away');
    way.mend();
    const again = await context.newPage();
    await again.goto(siteAddress); // it was here before: the line opens by itself
    await until('the outbox', async () => (await only()).messages.length === 3);
    await again.getByRole('button', { name: /Chat with us/ }).click();
    await sees(again, ['first', 'answered while away', 'written while away']);
    await write(again, 'last');
    await settled(again);
    expect(textsOf(await only())).to.deep.equal(['first', 'answered while away', 'written while away', 'last']);
  });

  it('counts as new only what its visitor has not seen, also when the page is loaded again', async () => {
    const agent = await one.agent();
    const page = await visit();
    await write(page, 'Hei!');
    await until('the agent', () => agent.got.length === 1);
    const { id } = await only();
    await agent.say(id, 'seen');
    await sees(page, ['Hei!', 'seen']);
    await page.close();
    await agent.say(id, 'one more');
    const again = await context.newPage();
    await again.goto(siteAddress);
    await again.getByRole('status', { name: '1 new message' }).waitFor();
    await again.getByRole('button', { name: /Chat with us/ }).click();
    await sees(again, ['Hei!', 'seen', 'one more']);
    await again.close();
    const third = await context.newPage();
    await third.goto(siteAddress);
    await third.getByRole('button', { name: /Chat with us/ }).waitFor();
    await third.waitForTimeout(1000);
    expect(await third.getByRole('status', { name: 'new message' }).count()).to.equal(0);
  });

  it('loses and doubles nothing while its network is away', async () => {
    const agent = await one.agent();
    const page = await visit();
    await write(page, 'before');
    await settled(page);
    const { id } = await only();
    way.cut();
    await page.getByText('No connection', { exact: false }).waitFor();
    for (const text of ['1', '2', '3']) await write(page, text);
    await agent.say(id, 'a');
    await agent.say(id, 'b');
    way.mend();
    await sees(page, ['before', 'a', 'b', '1', '2', '3']);
    await settled(page);
    expect(textsOf(await only())).to.deep.equal(['before', 'a', 'b', '1', '2', '3']);
  });

  it('keeps what was sent when the acknowledgement was lost, once', async () => {
    const page = await visit();
    await write(page, 'zero');
    await settled(page);
    for (let n = 1; n <= 5; n++) {
      await write(page, `m${n}`);
      way.cut(); // somewhere between the sending and its acknowledgement
      way.mend();
    }
    await settled(page);
    expect(textsOf(await only())).to.deep.equal(['zero', 'm1', 'm2', 'm3', 'm4', 'm5']);
  });

  it('goes on with another hub', async () => {
    const agent = await two.agent();
    const page = await visit();
    await write(page, 'to one');
    await settled(page);
    await until('the other hub', () => agent.got.length === 1);
    way.lead(two.hub.address);
    await write(page, 'to two');
    await settled(page);
    const { id } = await only();
    await agent.say(id, 'from two');
    way.lead(one.hub.address);
    await agent.say(id, 'from two, to one');
    await sees(page, ['to one', 'to two', 'from two', 'from two, to one']);
    expect(textsOf(await only())).to.have.length(4);
  });

  it('is refused once its access is withdrawn, and keeps what it could not send', async () => {
    const page = await visit();
    await write(page, 'before');
    await settled(page);
    await one.call('PATCH', `accounts/${account}`, { state: 'paused' });
    await new Promise(resolve => setTimeout(resolve, 2500)); // a hub may know it as long
    await write(page, 'while closed');
    await page.getByText('Sending…').waitFor();
    expect(textsOf(await only())).to.deep.equal(['before']);
    await one.call('PATCH', `accounts/${account}`, { state: 'running' });
    await until('what was kept', async () => textsOf(await only()).length === 2);
    await settled(page);
    const other = await one.account({ origins: ['https://shop.example'] });
    account = other;
    const elsewhere = await context.newPage();
    await elsewhere.goto(siteAddress);
    await elsewhere.getByRole('button', { name: /Chat with us/ }).click();
    await elsewhere.getByText('can not be opened', { exact: false }).waitFor();
  });

  it('keeps the chats of people who share a browser apart', async () => {
    attributes = `data-identity='${JSON.stringify(identity('paivi'))}'`;
    const page = await visit();
    await write(page, 'I am Päivi');
    await settled(page);
    attributes = '';
    const other = await visit();
    await write(other, 'I am not');
    await settled(other);
    expect(await shown(other)).to.deep.equal(['I am not']);
    expect(await conversations()).to.have.length(2);
  });
});
