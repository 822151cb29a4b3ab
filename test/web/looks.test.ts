import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { axeFaults } from './axe.ts';
import { openSmallDesk } from './desks.ts';
import { opened } from './stream.ts';
import type { Contact, Desk } from './support.ts';

describe('the looks of the workspace, and what it loads', () => {
  let desk: Desk;
  let mats: Contact;
  let page: Page;

  before(async function () {
    ({ desk, mats } = await openSmallDesk(this));
  });
  afterEach(async () => {
    await page?.context().close();
  });

  describe('looks', () => {
    const views = () => [
      '/contacts',
      `/contacts/${mats.id}`,
      '/unlinked',
      '/connections/new',
      '/quarantine',
      '/imports',
      '/users',
      '/access-log',
    ];
    const faults = async (path: string, rules?: string[]) => {
      await page.goto(path);
      await page.waitForLoadState('networkidle');
      return (await axeFaults(page, rules ? { rules } : {})).map(fault => `${path}: ${fault}`);
    };

    it('have no fault that axe finds', async () => {
      page = await desk.open();
      for (const path of views()) expect(await faults(path)).to.deep.equal([]);
    });

    it('have enough contrast in the dark', async () => {
      page = await desk.open({ colorScheme: 'dark' });
      for (const path of views().slice(0, 4)) expect(await faults(path, ['color-contrast'])).to.deep.equal([]);
    });

    for (const [name, width, height] of [
      ['1280 px', 1280, 800],
      ['a phone', 390, 844],
      ['400 % zoom', 320, 256],
    ] as const)
      it(`fit ${name}: nothing is cut off sideways`, async () => {
        page = await desk.open({ viewport: { width, height } });
        for (const path of ['/contacts', `/contacts/${mats.id}`, '/unlinked', '/connections/new', '/users']) {
          await page.goto(path);
          await page.waitForLoadState('networkidle');
          const wide = await page.evaluate(
            () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
          );
          expect(wide, path).to.be.at.most(0);
        }
        await page.goto(`/contacts/${mats.id}`);
        await opened(page);
        const stream = await page.locator('.stream').boundingBox();
        expect(stream?.height ?? 0).to.be.greaterThan(100);
      });

    it('on a phone show the list or the contact, with a way back', async () => {
      page = await desk.open({ viewport: { width: 390, height: 844 } });
      await page.goto('/contacts');
      await page.locator('.contact-row', { hasText: 'Mats Eklund' }).click();
      await opened(page);
      expect(await page.locator('.list-pane').isVisible()).to.equal(false);
      await page.getByRole('link', { name: 'Back to the list' }).click();
      await page.locator('.list-pane').waitFor();
    });

    it('follow the chosen theme, from the first paint on', async () => {
      page = await desk.open();
      await page.goto('/contacts');
      await page.getByRole('button', { name: 'Your account' }).click();
      await page.getByLabel('Dark').check();
      const colour = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      const dark = await colour();
      await page.reload();
      expect(await page.evaluate(() => document.documentElement.dataset.theme)).to.equal('dark');
      expect(await colour()).to.equal(dark);
    });

    it('have motion of 100 ms at most, and none for those who asked for less', async () => {
      const longest = () =>
        page.evaluate(() => {
          const all = [...document.querySelectorAll('*')].map(element => getComputedStyle(element));
          const durations = all.flatMap(({ transitionDuration, animationDuration }) =>
            `${transitionDuration},${animationDuration}`.split(','),
          );
          return Math.max(...durations.map(duration => Number.parseFloat(duration)));
        });
      for (const [reducedMotion, limit] of [
        ['no-preference', 0.1],
        ['reduce', 0],
      ] as const) {
        page = await desk.open({ reducedMotion });
        await page.goto(`/contacts/${mats.id}`);
        await opened(page);
        expect(await longest(), reducedMotion).to.equal(limit);
        await page.context().close();
      }
    });

    it('remember the width of a pane', async () => {
      page = await desk.open();
      await page.goto('/contacts');
      const edge = page.getByRole('separator', { name: 'Width of the list' });
      await edge.focus();
      for (let step = 0; step < 3; step += 1) await page.keyboard.press('ArrowRight');
      const width = async () => (await page.locator('.list-pane').boundingBox())?.width;
      expect(await width()).to.equal(368);
      await page.reload();
      await edge.waitFor();
      expect(await width()).to.equal(368);
    });
  });

  it('never lays out anew what is on the screen while it loads (CLS below 0.02)', async () => {
    page = await desk.open();
    await page.addInitScript(() => {
      const shifts = window as unknown as { shift: number };
      shifts.shift = 0;
      new PerformanceObserver(list => {
        for (const entry of list.getEntries() as (PerformanceEntry & { value: number; hadRecentInput: boolean })[])
          if (!entry.hadRecentInput) shifts.shift += entry.value;
      }).observe({ type: 'layout-shift', buffered: true });
    });
    await page.goto(`/contacts/${mats.id}`);
    await opened(page);
    await page.waitForTimeout(800);
    expect(await page.evaluate(() => (window as unknown as { shift: number }).shift)).to.be.below(0.02);
  });

  it('breaks none of its own content security policy, and asks nobody else for anything', async () => {
    page = await desk.open();
    const said: string[] = [];
    const elsewhere: string[] = [];
    page.on('console', message => said.push(message.text()));
    page.on('request', request => {
      if (!request.url().startsWith(desk.address) && !/^(data|blob|ws):/.test(request.url()))
        elsewhere.push(request.url());
    });
    for (const path of [`/contacts/${mats.id}`, '/connections/new', '/imports']) {
      await page.goto(path);
      await page.waitForLoadState('networkidle');
    }
    const policy = (await page.request.get('/contacts')).headers()['content-security-policy'] ?? '';
    expect(policy).to.match(/script-src 'self'(;|$)/);
    expect(policy).not.to.contain('unsafe');
    expect(said.filter(text => /content security policy/i.test(text))).to.deep.equal([]);
    expect(elsewhere).to.deep.equal([]);
  });

  it('needs less than 200 KiB of gzipped JavaScript for the first page', async () => {
    page = await desk.open();
    const loaded = new Set<string>();
    page.on('response', response => {
      if (/\.js$/.test(new URL(response.url()).pathname)) loaded.add(new URL(response.url()).pathname);
    });
    await page.goto(`/contacts/${mats.id}`);
    await opened(page);
    await page.waitForLoadState('networkidle');
    const root = new URL('../../dist/web', import.meta.url);
    const size = [...loaded].reduce(
      (sum, path) => sum + gzipSync(readFileSync(new URL(`.${path}`, `${root}/`))).length,
      0,
    );
    expect(readdirSync(root)).to.include('index.html');
    expect(loaded.size).to.be.greaterThan(2);
    expect(size / 1024).to.be.below(200);
  });
});
