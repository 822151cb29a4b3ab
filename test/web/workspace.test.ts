import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { openSmallDesk } from './desks.ts';
import { entries, opened } from './stream.ts';
import { addContact, admin, type Contact, type Desk, fillTimeline, mail } from './support.ts';

describe('the workspace', () => {
  let desk: Desk;
  let mats: Contact;
  let page: Page;

  before(async function () {
    ({ desk, mats } = await openSmallDesk(this));
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

    it('is asked for over what is being written, which is there again afterwards', async () => {
      page = await desk.open();
      await page.goto(`/contacts/${mats.id}`);
      await opened(page);
      await page.getByRole('button', { name: 'Edit' }).click();
      await page.getByLabel('First name').fill('Matias');
      await page.context().clearCookies();
      await page.getByRole('button', { name: 'Save' }).click();
      const asked = page.getByRole('dialog', { name: 'Sign in' });
      await asked.getByText('Your session has ended').waitFor();
      await page.keyboard.press('Escape');
      await page.keyboard.press('Escape');
      await page.keyboard.press('Control+k');
      expect(await page.getByRole('dialog', { name: 'Find anything' }).count()).to.equal(0);
      expect(await asked.boundingBox()).to.deep.equal({ x: 0, y: 0, width: 1440, height: 900 });
      await asked.getByLabel('E-mail').fill(admin.email);
      await asked.getByLabel('Password').fill(admin.password);
      await asked.getByRole('button', { name: 'Sign in' }).click();
      await asked.waitFor({ state: 'detached' });
      expect(await page.getByLabel('First name').inputValue()).to.equal('Matias');
      await page.getByText('Your session had ended before this was done').waitFor();
      expect(await page.title()).to.contain('Mats Eklund');
      await page.getByRole('button', { name: 'Cancel' }).click();
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
        // a mail's second may have begun before the page was opened, and what is older than that is not new
        mail({
          from: 'Ingrid Berg <ingrid@norrvik.example>',
          subject: 'Live to the list',
          text: 'Hej!',
          date: new Date(Date.now() + 1000),
        }),
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
    after(async () => {
      const { items } = await desk.api<{ items: { id: string }[] }>('GET', '/unlinked');
      for (const { id } of items)
        await desk.api('PUT', `/timeline/${encodeURIComponent(id)}/contact`, { contact: mats.id });
    });

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

    it('offers the way back after linking, and the entry leaves the open timeline and comes again by itself', async () => {
      const contact = await addContact(desk, 'Liisa', 'Lehto', 'liisa@vesikallio.example');
      await fillTimeline(desk, contact.id, 4);
      await desk.capture(
        mail({ from: 'tuki@varaamo.example', to: 'laskutus@varaamo.example', subject: 'By mistake', text: 'Moi' }),
      );
      page = await desk.open();
      const liisa = await desk.open();
      await liisa.goto(`/contacts/${contact.id}`);
      await opened(liisa);
      await page.goto('/unlinked');
      const entry = page.locator('.entry', { hasText: 'By mistake' });
      const reason = await entry.locator('.unlinked-why > span').textContent();
      await entry.getByRole('button', { name: 'Link to a contact' }).click();
      await page.keyboard.type('liisa');
      await page.getByRole('option', { name: /Liisa Lehto/ }).click();
      await entry.waitFor({ state: 'detached' });
      const there = liisa.locator('.entry', { hasText: 'By mistake' });
      await there.waitFor();
      await page.getByRole('button', { name: 'Undo' }).click();
      await page.getByText('Back among what is to be sorted out').waitFor();
      await entry.waitFor();
      expect(await entry.locator('.unlinked-why > span').textContent()).to.equal(reason);
      await there.waitFor({ state: 'detached' });
      await liisa.context().close();
    });

    it('is named with its count also where the navigation is narrow', async () => {
      await desk.capture(
        mail({ from: 'tuki@varaamo.example', to: 'laskutus@varaamo.example', subject: 'Waits', text: 'Moi' }),
      );
      page = await desk.open({ viewport: { width: 1280, height: 800 } });
      await page.goto('/contacts');
      await page.locator('.shell[data-nav=narrow] .nav-mark').first().waitFor();
      const { items } = await desk.api<{ items: unknown[] }>('GET', '/unlinked');
      await page.getByRole('link', { name: `To sort out ${items.length}`, exact: true }).waitFor();
      await page.getByRole('link', { name: 'Contacts', exact: true }).waitFor();
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
});
