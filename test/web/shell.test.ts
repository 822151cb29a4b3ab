import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { opened, openTimeline } from './stream.ts';
import { addContact, type Contact, type Desk, fillTimeline, mail, openDesk } from './support.ts';

describe('the frame around every page', () => {
  let desk: Desk;
  let contact: Contact;
  let page: Page;

  before(async function () {
    desk = await openDesk(this);
    contact = await addContact(desk, 'Mats', 'Eklund', 'mats@norrvik.example');
    await fillTimeline(desk, contact.id, 30);
    await desk.capture(
      mail({ from: 'tuki@varaamo.example', to: 'laskutus@varaamo.example', subject: 'Waits', text: 'Moi' }),
    );
  });
  afterEach(async () => {
    await page.context().close();
  });

  it('gives the focus back to where it was when a dialog closes', async () => {
    page = await openTimeline(desk, contact);
    await page.keyboard.press('j');
    const focused = () => page.evaluate(() => (document.activeElement as HTMLElement | null)?.dataset.id);
    const id = await focused();
    expect(id).to.be.a('string');
    await page.keyboard.press('Control+k');
    await page.locator('dialog[open] input').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('dialog').waitFor({ state: 'detached' });
    expect(await focused()).to.equal(id);
  });

  it('says that the line is away without moving what is read', async () => {
    page = await openTimeline(desk, contact);
    const entry = page.locator('.entry').last();
    const before = await entry.boundingBox();
    await page.context().setOffline(true);
    await page.getByText('You are offline').waitFor();
    expect(await entry.boundingBox()).to.deep.equal(before);
  });

  it('leads back where there is no such contact, or no such page', async () => {
    page = await desk.open({ viewport: { width: 390, height: 844 } });
    await page.goto('/contacts/none');
    await page.getByText('This could not be loaded.').waitFor();
    expect(await page.title()).to.equal('This could not be loaded. · Talteen');
    await page.getByRole('link', { name: 'Back to the list' }).click();
    await page.locator('.contact-row').first().waitFor();
    await page.goto('/nowhere');
    await page.getByRole('main').getByRole('heading', { name: 'There is no such page.', level: 1 }).waitFor();
    expect(await page.title()).to.equal('There is no such page. · Talteen');
  });

  it('counts what waits without opening it, and the access log says in words who opened what of whom', async () => {
    page = await desk.open();
    await page.goto(`/contacts/${contact.id}`);
    await opened(page);
    await page.getByRole('link', { name: 'To sort out 1' }).waitFor();
    const rows = async () =>
      (await desk.api<{ items: { who: string; action: string; whoName: string }[] }>('GET', '/access-log?limit=200'))
        .items;
    expect((await rows()).map(({ action }) => action)).not.to.include('unlinked:read');
    await page.getByRole('button', { name: 'Changes' }).click();
    await page.locator('.history').waitFor();
    await page.goto('/unlinked');
    await page.getByRole('button', { name: /Waits/ }).click();
    await page.locator('.message').waitFor();
    await page.goto('/access-log');
    await page
      .locator('tr', { hasText: 'Opened the timeline' })
      .getByRole('link', { name: 'Mats Eklund' })
      .first()
      .waitFor();
    const words = await page.locator('td:nth-child(3)').allTextContents();
    expect(words.filter(word => word.includes(':'))).to.deep.equal([]);
  });

  it('speaks of yesterday once midnight has passed', async () => {
    page = await desk.open();
    await page.clock.install({ time: new Date() });
    const entry = mail({ from: 'Mats Eklund <mats@norrvik.example>', subject: 'Of today' });
    await desk.capture(entry);
    await page.goto(`/contacts/${contact.id}`);
    await opened(page);
    const row = page.locator('.contact-row', { hasText: 'Of today' }).locator('time');
    expect(await row.textContent()).to.match(/^\d\d:\d\d$/);
    await page.clock.fastForward('24:00:00');
    await page.locator('.contact-row time', { hasText: /^[A-Z][a-z]{2}$/ }).waitFor();
    // which day is at the top goes by the time of day; the newest entry’s is there
    await page.locator('.day', { hasText: 'Yesterday' }).first().waitFor({ state: 'attached' });
  });

  it('has in the list of contacts what came while another page was open', async () => {
    page = await desk.open();
    await page.goto('/contacts');
    await page.locator('.contact-row').first().waitFor();
    await page.locator('nav a[href="/unlinked"]').click();
    await page.locator('.entry', { hasText: 'Waits' }).waitFor();
    await desk.capture(mail({ from: 'Uuno <uuno@norrvik.example>', subject: 'Came meanwhile', text: 'Moi' }));
    await desk.capture(
      mail({ from: 'tuki@varaamo.example', to: 'laskutus@varaamo.example', subject: 'Waits, too', text: 'Moi' }),
    );
    await page.locator('.entry', { hasText: 'Waits, too' }).waitFor();
    await page.locator('nav a[href="/contacts"]').click();
    await page.locator('.contact-row', { hasText: 'Came meanwhile' }).waitFor({ timeout: 5000 });
  });
});
