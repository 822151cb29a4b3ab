import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import type { Context } from 'mocha';
import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { build } from 'vite';
import { openHub, SECRET, until } from '../connectors/chat/support.ts';
import { launchChromium } from '../support/chromium.ts';
import { needs } from '../support/needs.ts';
import { makeWay } from './tcp.ts';

const CONFIG = fileURLToPath(new URL('../../web/widget/vite.config.ts', import.meta.url));

export interface Conversation {
  id: string;
  messages: { text: string; seq: number }[];
}

export const textsOf = ({ messages }: Conversation): string[] => messages.map(({ text }) => text);

/** A site of another origin whose pages have the chat of one of two hubs; each test begins with `fresh`. */
export const openSite = async (test: Context) => {
  needs(test, 'chromium');
  const webRoot = await mkdtemp(join(tmpdir(), 'widget-'));
  await build({ configFile: CONFIG, logLevel: 'error', build: { outDir: webRoot } });
  const one = await openHub(undefined, webRoot);
  const two = await openHub(one, webRoot);
  const way = await makeWay(one.hub.address);
  let context: BrowserContext | undefined;
  const now = { account: '', attributes: '', html: '' };
  const server = createServer((_req, res) => {
    res.setHeader('Content-Type', 'text/html');
    res.end(`<!doctype html><html ${now.html}><meta charset="utf-8"><title>Shop</title><main><h1>Shop</h1></main>
        <script src="${way.address}/widget.js" data-account="${now.account}" ${now.attributes} async></script></html>`);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const browser = await launchChromium();

  /** A new account and a new browser, on the way to the first hub. */
  const fresh = async (config: object = {}, options: BrowserContextOptions = {}): Promise<void> => {
    Object.assign(now, { attributes: '', html: 'lang="en"' });
    way.mend();
    way.lead(one.hub.address);
    now.account = await one.account({ origins: [address], identitySecret: SECRET, ...config });
    await context?.close();
    context = await browser.newContext({ locale: 'en-GB', ...options });
    context.setDefaultTimeout(15_000);
  };
  const load = async (): Promise<Page> => {
    const page = await (context as BrowserContext).newPage();
    await page.goto(address);
    return page;
  };
  const open = (page: Page): Promise<void> => page.getByRole('button', { name: /Chat with us/ }).click();
  const visit = async (): Promise<Page> => {
    const page = await load();
    await open(page);
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
    until('all to be sent', async () => (await page.getByText(/Sending…|Not sent yet/).count()) === 0);
  const conversations = async (): Promise<Conversation[]> => {
    const { body } = await one.call('GET', `interactions?account=${now.account}`);
    return Promise.all(
      body.items.map(async ({ id }: { id: string }) => (await one.call('GET', `interactions/${id}`)).body),
    );
  };
  const only = async (): Promise<Conversation> => {
    const [conversation, ...more] = await conversations();
    expect(more).to.have.length(0);
    if (!conversation) throw new Error('There is no conversation.');
    return conversation;
  };
  const close = async (): Promise<void> => {
    await browser.close();
    server.close();
    await way.close();
    await two.close();
    await one.close();
    await rm(webRoot, { recursive: true, force: true });
  };
  const talk = { load, open, visit, write, shown, sees, settled, conversations, only };
  return { webRoot, one, two, way, now, fresh, close, ...talk };
};

export type Site = Awaited<ReturnType<typeof openSite>>;
