import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { AxeBuilder } from '@axe-core/playwright';
import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { entries, opened } from './stream.ts';
import { addContact, admin, type Contact, type Desk, fillTimeline, mail, openDesk } from './support.ts';

describe('the workspace', () => {
  let desk: Desk;
  let mats: Contact;
  let page: Page;

  before(async function () {
    desk = await openDesk(this);
    mats = await addContact(desk, 'Mats', 'Eklund', 'mats@norrvik.example');
    await fillTimeline(desk, mats.id, 40);
    await addContact(desk, 'Ingrid', 'Berg', 'ingrid@norrvik.example');
    await desk.capture(mail({ from: 'Mats Eklund <mats@norrvik.example>', subject: 'Faktura 20417', text: 'Hej!' }));
  });
  afterEach(async () => {
    await page?.context().close();
  });

  describe('sign-in', () => {
    it('refuses a wrong password in words, and lets the right one in', async () => {
      page = await desk.open({ as: null });
      await page.goto(`/contacts/${mats.id}`);
      await page.getByLabel('E-mail').fill(admin.email);
      await page.getByLabel('Password').fill('wrong');
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('alert').filter({ hasText: 'do not belong together' }).waitFor();
      await page.getByLabel('Password').fill(admin.password);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await opened(page);
      expect(new URL(page.url()).pathname).to.equal(`/contacts/${mats.id}`);
    });

    it('is asked for again when the session has ended, and goes on where one was', async () => {
      page = await desk.open();
      await page.goto(`/contacts/${mats.id}`);
      await opened(page);
      await page.context().clearCookies();
      await page.locator('.contact-row', { hasText: 'Ingrid Berg' }).click();
      await page.getByText('Your session has ended').waitFor();
      await page.getByLabel('E-mail').fill(admin.email);
      await page.getByLabel('Password').fill(admin.password);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('heading', { name: 'Ingrid Berg', level: 1 }).waitFor();
    });

    it('ends with signing out', async () => {
      page = await desk.open();
      await page.goto('/contacts');
      await page.getByRole('button', { name: 'Your account' }).click();
      await page.getByRole('button', { name: 'Sign out' }).click();
      await page.getByRole('heading', { name: 'Sign in' }).waitFor();
      expect((await page.request.get('/api/v1/session')).status()).to.equal(401);
    });
  });

  it('lets one change the own password, and asks for it at once', async () => {
    const agent = { email: 'kaisa@varaamo.example', password: 'a long enough password' };
    await desk.api('POST', '/users', { ...agent, name: 'Kaisa Niemi', role: 'agent' });
    page = await desk.open({ as: agent });
    await page.goto('/contacts');
    await page.getByRole('button', { name: 'Your account' }).click();
    await page.getByRole('button', { name: 'Change password' }).click();
    await page.getByLabel('Password now').fill('not this one');
    await page.getByLabel('New password').fill('another long password');
    await page.getByRole('button', { name: 'Change password' }).click();
    await page.locator('.field .fault', { hasText: 'not the current password' }).waitFor();
    await page.getByLabel('Password now').fill(agent.password);
    await page.getByRole('button', { name: 'Change password' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await page.getByLabel('E-mail').fill(agent.email);
    await page.getByLabel('Password').fill('another long password');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.locator('.contact-row').first().waitFor();
  });

  describe('the list of contacts', () => {
    it('is searched as one types, by name and by address', async () => {
      page = await desk.open();
      await page.goto('/contacts');
      await page.locator('.contact-row', { hasText: 'Ingrid Berg' }).waitFor();
      await page.keyboard.press('/');
      await page.keyboard.type('mats@nor');
      await page.locator('.contact-row', { hasText: 'Ingrid Berg' }).waitFor({ state: 'detached' });
      expect(await page.locator('.contact-row').count()).to.equal(1);
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Mats Eklund', level: 1 }).waitFor();
    });

    it('says what to do when nothing is found', async () => {
      page = await desk.open();
      await page.goto('/contacts');
      await page.getByLabel('Search contacts').fill('zzz');
      await page.getByRole('button', { name: 'Clear the search' }).click();
      await page.locator('.contact-row', { hasText: 'Ingrid Berg' }).waitFor();
    });

    it('moves a contact up, marked as new, when something arrives, without reload', async () => {
      page = await desk.open();
      await page.goto(`/contacts/${mats.id}`);
      await opened(page);
      const first = page.locator('.contact-row').first();
      await first.filter({ hasText: 'Mats Eklund' }).waitFor();
      await desk.capture(
        mail({ from: 'Ingrid Berg <ingrid@norrvik.example>', subject: 'Live to the list', text: 'Hej!' }),
      );
      await first.filter({ hasText: 'Live to the list' }).waitFor();
      await first.locator('.new-dot').waitFor();
      await first.click();
      await opened(page);
      await first.locator('.new-dot').waitFor({ state: 'detached' });
    });

    it('gets an unknown sender as it writes, who becomes a contact by a name', async () => {
      page = await desk.open();
      await page.goto('/contacts');
      await page.locator('.contact-row').first().waitFor();
      await desk.capture(mail({ from: 'stranger@elsewhere.example', subject: 'Who am I', text: 'Hei!' }));
      await page.locator('.contact-row', { hasText: 'Who am I' }).click();
      await page.locator('.contact-head', { hasText: 'Unknown sender' }).waitFor();
      expect(await page.locator('.entry .keep').first().textContent()).to.match(/^kept until/);
      await page.getByRole('button', { name: 'Edit' }).click();
      await page.getByLabel('First name').fill('Sofia');
      await page.getByLabel('Last name').fill('Laine');
      await page.getByLabel('Organisation').fill('Vesikallio Oy');
      await page.getByLabel('Relationship started').fill('2020-03-01');
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByRole('heading', { name: 'Sofia Laine', level: 1 }).waitFor();
      await page.locator('.contact-head', { hasText: 'Vesikallio Oy · Customer since 1 Mar 2020' }).waitFor();
      await page.locator('.entry .keep', { hasText: 'kept while a customer, then 5 years' }).waitFor();
      expect(await page.locator('.contact-head', { hasText: 'Unknown sender' }).count()).to.equal(0);
    });

    it('says at the field what the server refuses', async () => {
      page = await desk.open();
      await page.goto(`/contacts/${mats.id}`);
      await page.getByRole('button', { name: 'Edit' }).click();
      await page.getByRole('button', { name: 'Add an address or number' }).click();
      await page.getByLabel('Value').last().fill('ingrid@norrvik.example');
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByRole('alert').filter({ hasText: /\S/ }).waitFor();
      expect(await page.getByRole('dialog').isVisible()).to.equal(true);
    });
  });

  it('goes by keys: n p contacts, j k entries, Ctrl-K anywhere, ? help; off while typing', async () => {
    page = await desk.open();
    await page.goto('/contacts');
    await page.locator('.contact-row').first().waitFor();
    await page.keyboard.press('n');
    await page.waitForURL(/contacts\/.+/);
    await page.goto(`/contacts/${mats.id}`);
    await opened(page);
    const focused = () => page.evaluate(() => document.activeElement?.closest<HTMLElement>('.entry')?.dataset.id);
    await page.keyboard.press('End');
    await page.keyboard.press('k');
    await page.waitForFunction(() => document.activeElement?.matches('.entry'));
    const one = await focused();
    await page.keyboard.press('k');
    await page.waitForFunction(id => document.activeElement?.closest<HTMLElement>('.entry')?.dataset.id !== id, one);
    await page.keyboard.press('j');
    await page.waitForFunction(id => document.activeElement?.closest<HTMLElement>('.entry')?.dataset.id === id, one);
    for (let step = 0; step < 30; step += 1) await page.keyboard.press('k');
    await page.waitForTimeout(300);
    const seen = (await entries(page)).find(({ id }) => id === undefined || id.length > 0);
    expect(seen).not.to.equal(undefined);
    const shown = await page.evaluate(() => {
      const box = document.activeElement?.getBoundingClientRect();
      const stream = document.querySelector('.stream')?.getBoundingClientRect();
      return Boolean(box && stream && box.top >= stream.top - 1 && box.top < stream.bottom);
    });
    expect(shown).to.equal(true);
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog', { name: 'Find anything' }).waitFor();
    await page.keyboard.type('ingrid');
    await page.getByRole('option', { name: /Ingrid Berg/ }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Ingrid Berg', level: 1 }).waitFor();
    const here = page.url();
    await page.keyboard.press('/');
    await page.keyboard.type('np?jk');
    expect(page.url()).to.equal(here);
    expect(await page.getByRole('dialog').count()).to.equal(0);
    expect(await page.getByLabel('Search contacts').inputValue()).to.equal('np?jk');
  });

  describe('to sort out', () => {
    it('lists what has no contact, with the reason, and links it to one', async () => {
      await desk.capture(
        mail({ from: 'tuki@varaamo.example', to: 'laskutus@varaamo.example', subject: 'Among ourselves', text: 'Moi' }),
      );
      page = await desk.open();
      await page.goto('/unlinked');
      const entry = page.locator('.entry', { hasText: 'Among ourselves' });
      await entry.waitFor();
      expect(((await entry.locator('.unlinked-why > span').textContent()) ?? '').length).to.be.greaterThan(10);
      await page.locator('.nav a', { hasText: 'To sort out' }).filter({ hasText: '1' }).waitFor();
      await entry.getByRole('button', { name: 'Link to a contact' }).click();
      await page.keyboard.type('ingrid');
      await page.getByRole('option', { name: /Ingrid Berg/ }).click();
      await page.getByText('Moved to the timeline of Ingrid Berg').waitFor();
      await page.getByRole('button', { name: 'Go there' }).click();
      await page.locator('.entry', { hasText: 'Among ourselves' }).waitFor();
    });
  });

  describe('roles', () => {
    it('show an agent only what is theirs, and say so elsewhere', async () => {
      const agent = { email: 'agent@varaamo.example', password: 'a long enough password' };
      await desk.api('POST', '/users', { ...agent, name: 'Mikko Aalto', role: 'agent' });
      page = await desk.open({ as: agent });
      await page.goto('/contacts');
      await page.locator('.contact-row').first().waitFor();
      expect(await page.locator('.nav a').allTextContents()).to.deep.equal(['Contacts', 'To sort out']);
      await page.goto('/users');
      await page.getByText('Your role does not show this.').first().waitFor();
    });
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
      const axe = new AxeBuilder({ page });
      const { violations } = await (rules ? axe.withRules(rules) : axe).analyze();
      return violations.map(({ id, nodes }) => `${path}: ${id} ${nodes.map(({ target }) => target).join(' ')}`);
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
