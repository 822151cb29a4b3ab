import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { until } from '../faults/until.ts';
import { from, type LongDesk, openLongDesk } from './desks.ts';
import { opened, openTimeline, wheel } from './stream.ts';
import { addContact, type Contact, type Desk, fillTimeline, mail } from './support.ts';

const dayMs = 86_400_000;

describe('the timeline: filters, length, screen readers, lines that break', () => {
  let desk: Desk;
  let long: Contact;
  let arrive: LongDesk['arrive'];
  let page: Page;

  before(async function () {
    ({ desk, long, arrive } = await openLongDesk(this));
  });
  afterEach(async () => {
    await page?.context().close();
  });

  const openLong = async (options?: Parameters<Desk['open']>[0]) => {
    page = await openTimeline(desk, long, options);
  };

  describe('filters (5)', () => {
    it('show counts, run on the server, and live in the address', async () => {
      await openLong();
      await page.locator('.chip', { hasText: 'SMS' }).waitFor();
      expect(await page.locator('.chip', { hasText: 'SMS' }).textContent()).to.match(/1,980/);
      const asked = page.waitForRequest(request => /timeline\?.*channel=sms/.test(request.url()));
      await page.locator('.chip', { hasText: 'SMS' }).click();
      await asked;
      expect(new URL(page.url()).search).to.equal('?channel=sms');
      await opened(page);
      const tones = await page
        .locator('.entry')
        .evaluateAll(list => list.map(entry => entry.getAttribute('data-tone')));
      expect(new Set(tones)).to.deep.equal(new Set(['sms']));
      await page.locator('.entry[aria-setsize="1980"]').first().waitFor(); // the count of what is filtered comes by itself
      expect(await page.locator('.entry').first().getAttribute('aria-setsize')).to.equal('1980');
      await page.reload();
      await opened(page);
      expect(await page.locator('.chip', { hasText: 'SMS' }).getAttribute('aria-pressed')).to.equal('true');
    });

    it('by direction, files and dates', async () => {
      page = await desk.open();
      const day = new Date(Date.now() - 100 * dayMs).toISOString().slice(0, 10);
      await page.goto(`/contacts/${long.id}?direction=outbound&files=true&to=${day}`);
      await opened(page);
      const shown = await page
        .locator('.entry')
        .evaluateAll(list =>
          list.map(entry => [entry.getAttribute('data-direction'), entry.querySelector('time')?.dateTime]),
        );
      expect(shown.length).to.be.greaterThan(3);
      for (const [direction, at] of shown) {
        expect(direction).to.equal('outbound');
        expect(at?.slice(0, 10) ?? '').to.satisfy((date: string) => date <= day);
      }
      await page.getByRole('button', { name: 'Clear filters' }).click();
      expect(new URL(page.url()).search).to.equal('');
    });

    it('that match nothing say so and can be cleared', async () => {
      page = await desk.open();
      await page.goto(`/contacts/${long.id}?to=1999-01-01`);
      await page.getByText('Nothing matches these filters').waitFor();
      await page.getByRole('button', { name: 'Clear filters' }).first().click();
      await opened(page);
    });
  });

  describe('length (7)', () => {
    it('keeps at most 60 rows of 10,000 in the page, and loads by cursors', async () => {
      await openLong();
      const cursors: string[] = [];
      page.on('request', request => {
        const before = new URL(request.url()).searchParams.get('before');
        if (before && request.url().includes('/timeline')) cursors.push(before);
      });
      let most = 0;
      for (let turn = 0; turn < 30; turn += 1) {
        await wheel(page, -2000);
        most = Math.max(most, await page.locator('.feed-row').count());
      }
      expect(cursors.length).to.be.greaterThan(2);
      expect(new Set(cursors).size).to.equal(cursors.length);
      expect(most).to.be.within(5, 60);
    });

    it('says how many more there are, and loads them on a click', async () => {
      await openLong();
      const more = page.locator('.load-more');
      await page.evaluate(() => document.querySelector('.stream')?.scrollTo(0, 1000));
      await more.waitFor();
      const left = Number((await more.textContent())?.replace(/\D/g, ''));
      expect(left).to.be.within(9_000, 9_950);
      await more.evaluate(button => (button as HTMLButtonElement).click());
      await page.waitForFunction(
        before => Number(document.querySelector('.load-more')?.textContent?.replace(/\D/g, '')) < before,
        left,
      );
    });
  });

  describe('for a screen reader (8)', () => {
    it('is a feed whose articles say their place, and whose live region tells counts only', async () => {
      await openLong();
      await page.waitForFunction(() => document.querySelector('.entry')?.getAttribute('aria-setsize') !== '-1');
      const feed = page.locator('[role=feed]');
      expect(await feed.getAttribute('aria-busy')).to.equal('false');
      const places = await page
        .locator('.entry')
        .evaluateAll(list => list.map(entry => [Number(entry.ariaPosInSet), Number(entry.ariaSetSize)]));
      const [last, size] = places.at(-1) ?? [];
      expect(last).to.equal(size);
      for (const [at, [place]] of places.entries()) expect(place).to.equal((places[0]?.[0] ?? 0) + at);
      await wheel(page, -900, 3);
      await arrive('A subject that is not to be read out');
      const region = page.locator('.stream-wrap > [role=status]');
      await region.filter({ hasText: /new/ }).waitFor({ state: 'attached' });
      expect(await region.textContent()).to.equal('1 new entry');
    });

    it('keeps the focus on an entry at Home and End, from where j and k go on', async () => {
      await openLong();
      const place = () => page.evaluate(() => Number(document.activeElement?.getAttribute('aria-posinset')));
      const press = async (key: string, at: (place: number) => boolean) => {
        await page.keyboard.press(key);
        await until(`${key}: the focus`, async () => at(await place()));
        return place();
      };
      const newest = await press('End', at => at > 0);
      await press('k', at => at === newest - 1);
      const oldest = await press('Home', at => at > 0 && at < newest - 10);
      await press('j', at => at === oldest + 1);
      await press('End', at => at === newest);
    });

    it('shows the loading of the past as busy', async () => {
      await openLong();
      await page.route('**/timeline?*before=*', async route => {
        await new Promise(resolve => setTimeout(resolve, 400));
        await route.continue();
      });
      let isOver = false;
      // it may be over by the end of the turning
      const busy = page.locator('[role=feed][aria-busy=true]').waitFor();
      const done = () => {
        isOver = true;
      };
      busy.then(done, done);
      while (!isOver) await wheel(page, -3000); // how much of the past is there already isn't known
      await busy;
      await page.locator('[role=feed][aria-busy=false]').waitFor();
    });
  });

  it('says in words how long each entry is kept', async () => {
    await openLong();
    expect(await page.locator('.entry .keep').first().textContent()).to.equal('kept while a customer, then 5 years');
  });

  it('goes on after the line was away, with what came meanwhile', async () => {
    await openLong();
    await page.context().setOffline(true);
    await page.getByText('You are offline').waitFor();
    await arrive('Came while away');
    await page.context().setOffline(false);
    await page.locator('.entry', { hasText: 'Came while away' }).waitFor({ timeout: 20_000 });
  });

  it('shows what came and not what went while it was not open', async () => {
    const other = await addContact(desk, 'Aino', 'Salo', 'aino@tervasaari.example');
    await fillTimeline(desk, other.id, 20, 24);
    page = await openTimeline(desk, other);
    await page.locator('.entry', { hasText: 'Entry 2' }).first().waitFor();
    await page.locator('nav a[href="/unlinked"]').click();
    await page.locator('.stream').waitFor({ state: 'detached' });
    await desk.hub.core.models.timeline.deleteOne({ contact: other.id, subject: 'Entry 2' });
    const date = new Date(Date.now() - 1.5 * dayMs);
    await desk.capture(mail({ from: from('aino@tervasaari.example'), subject: 'Was late', date, text: 'Old.' }));
    await page.goBack();
    await opened(page);
    await page.locator('.entry', { hasText: 'Was late' }).waitFor();
    expect(await page.getByRole('button', { name: 'Entry 2', exact: false }).count()).to.equal(0);
  });
});
