import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { until } from '../faults/until.ts';
import { entries, fromEnd, openTimeline, topOf } from './stream.ts';
import { addContact, type Contact, type Desk, fillTimeline, mail, openDesk } from './support.ts';

const address = 'helmi@tervasaari.example';
const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms));

/** Texts whose rows are from one line to several times as high as is guessed before they are measured. */
const texts = ['Ok.', 'Rivi.\n'.repeat(30), 'Hei! Siirtäisimme vuorot keskiviikolle. '.repeat(8), 'Kiitos!\n\nHelmi'];

describe('the timeline of a reader at its end', () => {
  let desk: Desk;
  let contact: Contact;
  let page: Page;
  let came = 0;

  before(async function () {
    desk = await openDesk(this);
    contact = await addContact(desk, 'Helmi', 'Salo', address);
    await fillTimeline(desk, contact.id, 120);
  });
  beforeEach(async () => {
    page = await openTimeline(desk, contact);
  });
  afterEach(async () => {
    await page.context().close();
  });

  const nextMail = () => {
    came += 1;
    const text = texts[came % texts.length] as string;
    return mail({ from: `Helmi Salo <${address}>`, subject: `Burst ${came}`, text });
  };
  /** `count` entries, each committed by itself, one each `ms`; every other one a bubble with all its lines. */
  const commits = async (count: number, ms: number) => {
    const { timeline } = desk.hub.core.models;
    const like = await timeline.findOne({ contact: contact.id }).lean();
    if (!like) throw new Error('the timeline is empty');
    const { subject: _, ...rest } = like;
    for (let n = 0; n < count; n += 1) {
      came += 1;
      const id = `burst${came}`;
      const what = came % 2 ? { channel: 'sms' } : { channel: 'email', subject: `Burst ${came}` };
      const preview = texts[came % texts.length] as string;
      const now = new Date();
      await timeline.create({ ...rest, ...what, _id: id, interaction: id, occurredAt: now, capturedAt: now, preview });
      await pause(ms);
    }
  };
  const newest = async (): Promise<string> => {
    const { items } = await desk.api<{ items: { id: string }[] }>('GET', `/contacts/${contact.id}/timeline?limit=1`);
    return items[0]?.id ?? '';
  };
  /** Counts the pills that show from now on, however shortly. */
  const watchPills = () =>
    page.evaluate(() => {
      const seen = window as unknown as { pills: number };
      seen.pills = document.querySelectorAll('.pill').length;
      new MutationObserver(() => {
        seen.pills += document.querySelectorAll('.pill').length;
      }).observe(document.body, { subtree: true, childList: true });
    });
  const pills = () => page.evaluate(() => (window as unknown as { pills: number }).pills);
  const isFollowed = async (turn: number) => {
    await page.locator(`.entry[data-id="${await newest()}"]`).waitFor();
    // rows are still being measured: on a busy machine that takes its time
    await until(`the end, turn ${turn}`, async () => (await fromEnd(page)) <= 80, 20_000);
    expect(await pills(), `turn ${turn}: pills`).to.equal(0);
  };

  it('follows bursts of entries of very different heights, in one commit and in quick ones', async () => {
    await watchPills();
    for (let turn = 0; turn < 30; turn += 1) {
      if (turn % 3 === 0) await desk.capture(nextMail(), nextMail(), nextMail(), nextMail(), nextMail());
      else await commits(5, turn % 3 === 1 ? 55 : 12);
      await isFollowed(turn);
    }
  });

  it('goes on following when a row grew by itself', async () => {
    await watchPills();
    await page.evaluate(() => {
      const late = document.createElement('div');
      late.style.height = '240px';
      [...document.querySelectorAll('.entry')].at(-1)?.append(late);
    });
    await page.waitForTimeout(200);
    expect(await fromEnd(page)).to.be.greaterThan(80);
    await commits(1, 0);
    await isFollowed(0);
  });

  it('follows what has just arrived also when it gets its height late', async () => {
    await watchPills();
    await commits(1, 0);
    await isFollowed(0);
    await page.evaluate(async () => {
      // more frames than the end is held to while nothing moves
      for (let n = 0; n < 10; n += 1) await new Promise(requestAnimationFrame);
      const late = document.createElement('div');
      late.style.height = '240px';
      [...document.querySelectorAll('.entry')].at(-1)?.append(late);
      for (let n = 0; n < 5; n += 1) await new Promise(requestAnimationFrame);
    });
    await page.waitForFunction(() => {
      const stream = document.querySelector('.stream');
      return stream && stream.scrollHeight - stream.scrollTop - stream.clientHeight <= 1;
    });
  });

  for (const [how, leave] of [
    ['the scrollbar', () => page.evaluate(() => document.querySelector('.stream')?.scrollBy(0, -300))],
    ['a key', () => page.locator('.entry').last().press('PageUp')],
  ] as const)
    it(`stops when the reader leaves by ${how}, and nothing moves then`, async () => {
      await commits(1, 200);
      await leave();
      await page.waitForTimeout(400);
      const [first] = (await entries(page)).filter(({ bottom }) => bottom > 36);
      if (!first) throw new Error('no entry is shown');
      await commits(5, 40);
      await page.locator('.pill', { hasText: '5 new' }).waitFor();
      expect(await topOf(page, first.id)).to.be.closeTo(first.top, 1);
    });

  it('leaves what is read in its place when an entry above it goes to another contact', async () => {
    await page.evaluate(() => document.querySelector('.stream')?.scrollBy(0, -900));
    await page.waitForTimeout(400);
    const shown = await entries(page);
    const at = shown.findIndex(({ bottom }) => bottom > 36);
    const [gone, first] = [shown[at - 2], shown[at]];
    if (!gone || !first) throw new Error('too few entries are shown');
    await desk.api('PUT', `/timeline/${encodeURIComponent(gone.id)}/contact`, { contact: null });
    await page.locator(`.entry[data-id="${gone.id}"]`).waitFor({ state: 'detached' });
    await page.waitForTimeout(200);
    expect(await topOf(page, first.id)).to.be.closeTo(first.top, 1);
  });

  it('leaves an entry in view that the reader just opened there', async () => {
    await desk.capture(
      mail({ from: `Helmi Salo <${address}>`, subject: 'Opened', text: 'Pitkä rivi, jota luetaan.\n'.repeat(40) }),
    );
    const entry = page.locator('.entry', { hasText: 'Opened' });
    await entry.waitFor();
    await page.waitForTimeout(200);
    await entry.getByRole('button', { name: 'Opened' }).click();
    await commits(3, 30);
    await entry.locator('.message').waitFor();
    await page.waitForTimeout(1500);
    const id = (await entry.getAttribute('data-id')) ?? '';
    const stream = await page.locator('.stream').evaluate(({ clientHeight }) => clientHeight);
    expect(await topOf(page, id)).to.be.within(36, stream - 100);
  });
});
