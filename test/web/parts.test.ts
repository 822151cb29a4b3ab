import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { openTimeline } from './stream.ts';
import { addContact, type Contact, type Desk, mail, openDesk } from './support.ts';

describe('a part of the page that could not be loaded', () => {
  let desk: Desk;
  let page: Page;
  let contact: Contact;
  before(async function () {
    desk = await openDesk(this);
    contact = await addContact(desk, 'Helmi', 'Salo', 'helmi@tervasaari.example');
    await desk.capture(mail({ from: 'Helmi Salo <helmi@tervasaari.example>', subject: 'Varaus', text: 'Hei!' }));
  });
  beforeEach(async () => {
    page = await openTimeline(desk, contact);
  });
  afterEach(() => page.context().close());

  const head = () => page.locator('.entry-head').first();

  it('comes by itself once the network is back, and the rest stays meanwhile', async () => {
    await page.context().setOffline(true);
    await page.keyboard.press('?');
    await head().click();
    await page.locator('.offline').waitFor();
    expect(await page.locator('.entry').count()).to.equal(1);
    await page.context().setOffline(false);
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    await page.keyboard.press('Escape');
    await page.locator('.message').waitFor();
    expect(await page.getByText('broke').count()).to.equal(0);
  });

  it('can be tried again where it is missing, with its look', async () => {
    const missing = /Message-[^/]*\.(js|css)$/;
    await page.route(missing, route => route.abort());
    await head().click();
    await page.locator('.entry').getByRole('button', { name: 'Try again' }).waitFor();
    await page.unroute(missing);
    await page.locator('.entry').getByRole('button', { name: 'Try again' }).click();
    await page.locator('.message').waitFor();
    const unstyled = () =>
      [...document.querySelectorAll('link[rel=stylesheet]')].filter(link => !('sheet' in link && link.sheet));
    await page.waitForFunction(`(${unstyled})().length === 0`);
  });

  it('leaves the workspace as it is when it is a dialog', async () => {
    await page.route(/Help-[^/]*\.js$/, route => route.abort());
    await page.keyboard.press('?');
    await page.locator('.toasts', { hasText: 'could not be loaded' }).waitFor();
    expect(await page.locator('.shell .entry').count()).to.equal(1);
  });
});
