import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { addContact, type Contact, type Desk, mail, openDesk } from './support.ts';

describe('sorting out', () => {
  let desk: Desk;
  let page: Page;
  let contact: Contact;

  before(async function () {
    desk = await openDesk(this);
    contact = await addContact(desk, 'Ingrid', 'Berg', 'ingrid@norrvik.example');
    const letter = (subject: string) =>
      mail({ from: 'tuki@varaamo.example', to: 'laskutus@varaamo.example', subject, text: 'Moi' });
    await desk.capture(letter('One'), letter('Two'), letter('Three'));
    page = await desk.open();
    await page.goto('/unlinked');
    await page.locator('.entry').nth(2).waitFor();
  });
  after(() => page?.context().close());

  it('goes on with the next entry, by keys alone', async () => {
    const first = page.locator('.entry').first();
    const id = await first.getAttribute('data-id');
    await first.getByRole('button', { name: 'Link to a contact' }).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.type('ingrid');
    await page.getByRole('option', { name: /Ingrid Berg/ }).waitFor();
    await page.keyboard.press('ArrowDown'); // the only one that is found stays chosen
    await page.keyboard.press('Enter');
    await page.locator(`.entry[data-id="${id}"]`).waitFor({ state: 'detached' });
    await page.waitForFunction(() => document.activeElement?.closest('.entry') === document.querySelector('.entry'));
    expect(await page.locator('.entry').count()).to.equal(2);
  });

  it('says when a colleague was quicker', async () => {
    const first = page.locator('.entry').first();
    const id = (await first.getAttribute('data-id')) ?? '';
    await first.getByRole('button', { name: 'Link to a contact' }).click();
    await page.locator('dialog[open]').waitFor();
    await desk.api('PUT', `/timeline/${encodeURIComponent(id)}/contact`, { contact: contact.id });
    await page.getByText('A colleague has just sorted it out.').waitFor();
    expect(await page.locator('dialog[open]').count()).to.equal(0);
  });
});
