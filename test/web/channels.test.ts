import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { type Channels, openChannels, ours } from './channels.ts';
import { openTimeline, topOf } from './stream.ts';
import { addContact, type Contact, type Desk, fillTimeline } from './support.ts';

describe('channels on the timeline', () => {
  let channels: Channels;
  let desk: Desk;
  let contact: Contact;
  let page: Page;

  before(async function () {
    channels = await openChannels(this);
    ({ desk, contact } = channels);
  });
  afterEach(async () => {
    await page?.context().close();
  });

  const entry = (text: string | RegExp) => page.locator('.entry', { hasText: text });
  const show = async (options?: Parameters<Desk['open']>[0]) => {
    page = await openTimeline(desk, contact, options);
  };

  it('have an icon, a word and an edge each; one that the page has never heard of has the neutral ones', async () => {
    await show();
    const looks = await page.evaluate(() =>
      [...document.querySelectorAll<HTMLElement>('.entry')].map(row => ({
        word: row.querySelector('.entry-channel')?.textContent,
        tone: row.dataset.tone,
        icon: row.querySelector('.entry-icon path')?.getAttribute('d')?.slice(0, 6),
        edge: getComputedStyle(row, '::before').width,
      })),
    );
    expect(looks.map(({ word, tone }) => [word, tone])).to.deep.equal([
      ['SMS', 'sms'],
      ['SMS', 'sms'],
      ['WhatsApp', 'sms'],
      ['Call', 'call'],
      ['Fax', 'event'],
    ]);
    expect(new Set(looks.map(({ icon }) => icon)).size).to.equal(4);
    expect(looks.map(({ edge }) => edge)).to.deep.equal(Array(5).fill('2px'));
  });

  it('are filtered by each that the counts name', async () => {
    await show();
    const chips = page.locator('.filters-channels .chip');
    await chips.filter({ hasText: 'Fax' }).waitFor();
    expect((await chips.allTextContents()).sort()).to.deep.equal([
      'All 5',
      'Calls 1',
      'Faxes 1',
      'SMS 2',
      'WhatsApp 1',
    ]);
    await chips.filter({ hasText: 'Calls' }).click();
    await page.waitForFunction(() => document.querySelectorAll('.entry').length === 1);
    await entry('Answered, 0:11').waitFor();
  });

  it('show an SMS as a bubble with what became of it in words', async () => {
    await show();
    await entry('avaimia').locator('.bubble').waitFor();
    const out = entry('ovikoodi 4471');
    expect(await out.locator('.status').textContent()).to.equal('failed: Unknown number');
    await out.locator('button.entry-head').click();
    await out.getByRole('button', { name: 'Details' }).click();
    await out.locator('.facts-row', { hasText: 'How far it got' }).getByText('Unknown number').waitFor();
  });

  it('change in place when something is added, and what is read stays where it is', async () => {
    await channels.written('sms', 'Uusi koodi on 9920.');
    await channels.until(6);
    await fillTimeline(desk, contact.id, 30);
    await show();
    await entry('9920').waitFor();
    const id = (await entry('9920').getAttribute('data-id')) ?? '';
    const before = await topOf(page, id);
    const delivered = { state: 'delivered', rank: 4, at: new Date(), error: null };
    await channels.grow(
      'Uusi koodi on 9920.',
      { status: { state: 'delivered', rank: 4, history: [delivered] } },
      { status: delivered },
    );
    await entry('9920').locator('.status.good', { hasText: 'delivered' }).waitFor();
    expect(await page.locator(`.entry[data-id="${id}"]`).count()).to.equal(1);
    expect(await topOf(page, id)).to.be.closeTo(before, 1);
    await channels.unfill();
  });

  it('says an anonymous caller is one', async () => {
    await channels.post({ channel: 'call', direction: 'inbound', from: null, to: [ours], text: 'Missed' });
    page = await desk.open();
    await page.goto('/unlinked');
    await entry('Missed').getByText('Anonymous').waitFor();
  });

  it('fit a phone, in both themes', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await show({ viewport: { width: 390, height: 844 }, colorScheme });
      await entry('Answered, 0:11').locator('button.entry-head').click();
      await page.locator('.wave').waitFor();
      const wide = await page.evaluate(() => document.querySelector('.stream')?.scrollWidth ?? 0);
      expect(wide).to.be.at.most(390);
      await page.context().close();
    }
  });

  it('a person that nobody knew is made from a number', async () => {
    await addContact(desk, 'Eero', 'Koskinen', 'eero@tervasaari.example');
    await channels.post({
      channel: 'sms',
      direction: 'inbound',
      from: { type: 'phone', value: '+358405550142' },
      to: [ours],
      text: 'Hei!',
    });
    page = await desk.open();
    await page.goto('/contacts');
    await page.locator('.contact-row', { hasText: '+358405550142' }).waitFor();
  });
});
