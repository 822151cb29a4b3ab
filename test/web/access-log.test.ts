import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { type Desk, mail, openDesk } from './support.ts';

describe('the access log on the page', () => {
  let desk: Desk;
  let page: Page;
  const name = 'olli@vesikallio.example';

  before(async function () {
    desk = await openDesk(this);
    await desk.capture(
      mail({ from: name, subject: 'Avain' }),
      mail({ from: 'aino@vesikallio.example', subject: 'Lasku' }),
    );
  });
  afterEach(() => page?.context().close());

  it('names who opened what of whom, and is narrowed to one contact, from its pane, and to who opened it', async () => {
    page = await desk.open();
    for (const subject of ['Lasku', 'Avain']) {
      await page.goto('/contacts');
      await page.locator('.contact-row', { hasText: subject }).click();
      await page.locator('.entry', { hasText: subject }).getByRole('button', { name: subject }).click();
      await page.locator('.message').waitFor();
    }
    const rows = page.locator('tbody tr');
    await page.getByRole('link', { name: 'Access log' }).click();
    await rows.filter({ hasText: 'Opened the timeline' }).filter({ hasText: 'aino@' }).first().waitFor();
    await page.goBack();
    await page.getByRole('link', { name: 'Seen by' }).click();
    const ofContact = page.getByRole('link', { name: `Only of ${name}: show all again` });
    await ofContact.waitFor();
    await rows.filter({ hasText: 'Opened a message' }).first().waitFor();
    expect(await rows.filter({ hasText: name }).count()).to.equal(await rows.count());
    const who = rows.first().locator('td').nth(1);
    const reader = await who.innerText();
    await who.getByRole('link').click();
    const byReader = page.getByRole('link', { name: `Only by ${reader}: show all again` });
    await byReader.waitFor();
    await ofContact.click();
    await rows.filter({ hasText: 'aino@' }).first().waitFor();
    await byReader.click();
    await page.waitForURL(/access-log$/);
  });

  it('has nobody for a reader of what the page fetched by itself for its list', async () => {
    page = await desk.open();
    await page.goto('/contacts');
    await page.locator('.contact-row').first().waitFor();
    await desk.capture(mail({ from: 'uusi@vesikallio.example', subject: 'Ovi' }));
    await page.locator('.contact-row', { hasText: 'Ovi' }).waitFor();
    const { items } = await desk.api<{ items: { id: string }[] }>('GET', '/contacts?q=uusi');
    await desk.api('PATCH', `/contacts/${items[0]?.id}`, { name: { first: 'Uuno', last: 'Uusi' } });
    await page.locator('.contact-row', { hasText: 'Uuno Uusi' }).waitFor();
    type Rows = { items: { action: string; whoName: string }[] };
    const log = await desk.api<Rows>('GET', `/access-log?contact=${items[0]?.id}`);
    expect(log.items.map(({ action }) => action)).to.not.include('contacts:read');
  });
});
