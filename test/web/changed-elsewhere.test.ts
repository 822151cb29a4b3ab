import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { openTimeline, reading, topOf, wheel } from './stream.ts';
import { addContact, type Contact, type Desk, fillTimeline, mail, openDesk } from './support.ts';

describe('what is changed while a timeline is read', () => {
  let desk: Desk;
  let contact: Contact;
  let page: Page;

  const saveName = async (last: string) => {
    await page.getByRole('button', { name: 'Edit' }).click();
    await page.getByLabel('Last name').fill(last);
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { name: last, level: 1 }).waitFor();
  };

  before(async function () {
    desk = await openDesk(this);
    contact = await addContact(desk, 'Maija', 'Monta', 'maija@monta.example');
    await fillTimeline(desk, contact.id, 420);
  });
  afterEach(async () => {
    await page.context().close();
  });

  it('leaves what is read in its place, and all of the past that was loaded', async () => {
    page = await openTimeline(desk, contact);
    for (let n = 0; n < 3; n += 1) {
      await page.locator('.load-more').dispatchEvent('click');
      await page.getByText(`Load ${420 - 50 - (n + 1) * 100} more`).waitFor({ state: 'attached' });
    }
    await wheel(page, -1500, 4);
    await page.waitForTimeout(300);
    const first = await reading(page);
    const again = page.waitForResponse(response => response.url().includes('/timeline?'));
    await saveName('Monta-Niemi');
    await again;
    await page.waitForLoadState('networkidle');
    expect(await topOf(page, first.id)).to.be.closeTo(first.top, 1);
    await page.getByText('Load 20 more').waitFor({ state: 'attached' }); // whole pages are read again
  });

  it('is shown to whoever else looks: the name, the relationship, and how long each entry is kept', async () => {
    page = await openTimeline(desk, contact);
    await page.waitForLoadState('networkidle');
    await page.getByRole('button', { name: 'Changes' }).click();
    await page.locator('.history').waitFor();
    await desk.capture(mail({ from: 'Maija Monta <maija@monta.example>', subject: 'The line is open' }));
    await page.locator('.entry', { hasText: 'The line is open' }).waitFor();
    const name = { first: 'Maija-Liisa', last: 'Monta' };
    await desk.api('PATCH', `/contacts/${contact.id}`, { name, relationship: { endedAt: '2026-10-31' } });
    await page.getByRole('heading', { name: 'Maija-Liisa Monta', level: 1 }).waitFor({ timeout: 3000 });
    await page.locator('.contact-row', { hasText: 'Maija-Liisa Monta' }).waitFor({ timeout: 3000 });
    await page.locator('.contact-head', { hasText: 'Ended 31 Oct 2026' }).waitFor({ timeout: 3000 });
    await page.locator('.history li', { hasText: 'Relationship ended: 31 Oct 2026' }).waitFor({ timeout: 3000 });
    const lines = (await page.locator('.history li').first().innerText()).split('\n');
    expect(lines).to.include.members(['First name: Maija → Maija-Liisa', 'Last name: Monta-Niemi → Monta']);
    expect(lines.at(-1)).to.match(/by \w/);
    await page.locator('.entry', { hasText: 'The line is open' }).getByText('kept until').waitFor({ timeout: 3000 });
  });

  it('says with which organisation the relationship ended, where that was earlier', async () => {
    const olli = await addContact(desk, 'Olli', 'Paattynyt', 'olli@paattynyt.example');
    await desk.api('PATCH', `/contacts/${olli.id}`, {
      organisation: 'Päättynyt Oy',
      relationship: { startedAt: '2016-05-01' },
    });
    await desk.capture(mail({ from: 'Olli <olli@paattynyt.example>', subject: 'Lasku' }));
    page = await openTimeline(desk, olli);
    await page.getByText('Everything here is kept while this lasts and for 5 years after.').waitFor();
    const { items } = await desk.api<{ items: { id: string }[] }>('GET', '/organisations?q=paattynyt');
    await desk.api('PATCH', `/organisations/${items[0]?.id}`, { relationship: { endedAt: '2024-03-31' } });
    await page.locator('.contact-head', { hasText: 'Ended 31 Mar 2024 with Päättynyt Oy' }).waitFor();
    await page.locator('.side-pane .card', { hasText: 'Ended 31 Mar 2024 with Päättynyt Oy' }).waitFor();
    await page.getByText('What came before is kept for 5 years after the end.').waitFor();
  });

  it('is found by the day under whose heading it stands, wherever the agent is', async () => {
    const far = await addContact(desk, 'Nora', 'York', 'nora@york.example');
    for (const at of ['2026-11-20T02:00Z', '2026-11-20T10:00Z', '2026-11-20T23:00Z', '2026-11-21T03:00Z'])
      await desk.capture(mail({ from: 'Nora <nora@york.example>', subject: at, date: new Date(at) }));
    page = await desk.open({ timezoneId: 'America/New_York' });
    await page.goto(`/contacts/${far.id}?from=2026-11-20&to=2026-11-20`);
    await page.locator('.entry').first().waitFor();
    await page.locator('.chip[aria-pressed=true] .num', { hasText: /^3$/ }).waitFor();
    const subjects = await page.locator('.entry strong').allTextContents();
    expect(subjects).to.deep.equal(['2026-11-20T10:00Z', '2026-11-20T23:00Z', '2026-11-21T03:00Z']);
  });
});
