import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { from, type LongDesk, openLongDesk } from './desks.ts';
import { entries, fromEnd, opened, openTimeline, reading, topOf, wheel } from './stream.ts';
import { addContact, type Contact, type Desk, fillTimeline, mail } from './support.ts';

describe('the timeline', () => {
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

  describe('opens (1)', () => {
    it('at the newest entry', async () => {
      await openLong();
      expect(await fromEnd(page)).to.be.at.most(1);
      const { items } = await desk.api<{ items: { id: string }[] }>('GET', `/contacts/${long.id}/timeline?limit=1`);
      expect((await entries(page)).at(-1)?.id).to.equal(items[0]?.id);
    });

    it('at the first unread entry', async () => {
      const other = await addContact(desk, 'Åsa', 'Lindström', 'asa@norrvik.example');
      await fillTimeline(desk, other.id, 30);
      page = await desk.open();
      await page.goto(`/contacts/${other.id}`);
      await opened(page);
      await page.waitForTimeout(400);
      await page.goto('/contacts');
      const unread = Array.from({ length: 25 }, (_, at) =>
        mail({
          from: from('asa@norrvik.example'),
          subject: `Unread ${at}`,
          date: new Date(Date.now() + at * 1000),
          text: 'Hej!\n\n'.repeat(4),
        }),
      );
      await desk.capture(...unread);
      await page.goto(`/contacts/${other.id}`);
      await opened(page);
      const first = await reading(page);
      const title = await page.locator(`.entry[data-id="${first.id}"] strong`).textContent();
      expect(title).to.equal('Unread 0');
      expect(await page.locator('.unread-row').count()).to.equal(1);
    });

    it('at the first unread entry also when one was there a moment ago', async () => {
      const other = await addContact(desk, 'Sofia', 'Nyman', 'sofia@norrvik.example');
      await fillTimeline(desk, other.id, 30);
      page = await openTimeline(desk, other);
      await page.waitForTimeout(400);
      await page.locator('.contact-row', { hasText: 'Eero Koskinen' }).click();
      await page.locator('.contact-head', { hasText: 'Eero Koskinen' }).waitFor();
      const unread = Array.from({ length: 25 }, (_, at) =>
        mail({ from: from('sofia@norrvik.example'), subject: `Came ${at}`, date: new Date(Date.now() + at * 1000) }),
      );
      await desk.capture(...unread);
      await page.locator('.contact-row', { hasText: 'Came 24' }).click();
      await page.locator('.unread-row').waitFor();
      const first = await reading(page);
      expect(await page.locator(`.entry[data-id="${first.id}"] strong`).textContent()).to.equal('Came 0');
    });

    it('where the reader left it, by entry and offset, after another contact and after a reload', async () => {
      await openLong();
      await wheel(page, -700, 12);
      await page.waitForTimeout(400);
      const left = await reading(page);
      await page.locator('.contact-row', { hasText: 'Åsa Lindström' }).click();
      await page.locator('.contact-head', { hasText: 'Åsa Lindström' }).waitFor();
      await opened(page);
      await page.goBack();
      await opened(page);
      expect(await topOf(page, left.id)).to.be.closeTo(left.top, 1);
      await page.reload();
      await opened(page);
      await arrive('While it was loaded anew');
      expect(await topOf(page, left.id)).to.be.closeTo(left.top, 1);
    });
  });

  describe('something new (2)', () => {
    it('is followed when the reader is within 80 px of the end', async () => {
      await openLong();
      await wheel(page, -60);
      expect(await fromEnd(page)).to.be.within(1, 80);
      await arrive('Followed');
      await page.locator('.entry', { hasText: 'Followed' }).waitFor();
      await page.waitForTimeout(300);
      expect(await fromEnd(page)).to.be.at.most(1);
      expect(await page.locator('.pill').count()).to.equal(0);
    });

    it('else is counted in a pill, and nothing moves', async () => {
      await openLong();
      await wheel(page, -900, 3);
      await page.waitForTimeout(300);
      const first = await reading(page);
      for (const subject of ['One', 'Two', 'Three']) await arrive(subject);
      await page.locator('.pill', { hasText: '3 new' }).waitFor();
      expect(await topOf(page, first.id)).to.be.closeTo(first.top, 1);
      await page.locator('.pill').click();
      await page.locator('.entry', { hasText: 'Three' }).waitFor();
      await page.waitForTimeout(300);
      expect(await fromEnd(page)).to.be.at.most(1);
      expect(await page.locator('.pill').count()).to.equal(0);
    });
  });

  describe('never moves the row being read by more than 1 px (3)', () => {
    it('when the past is loaded above it', async () => {
      await openLong();
      let comes: () => void = () => undefined;
      const past = new Promise<void>(resolve => {
        comes = resolve;
      });
      await page.route('**/timeline?*before=*', route => past.then(() => route.continue()));
      await page.evaluate(() => document.querySelector('.stream')?.scrollTo(0, 60));
      await page.waitForTimeout(250);
      const first = await reading(page);
      const before = await page.locator('.feed').evaluate(feed => feed.clientHeight);
      comes();
      await page.waitForFunction(height => (document.querySelector('.feed')?.clientHeight ?? 0) > height, before);
      await page.waitForTimeout(300);
      expect(await topOf(page, first.id)).to.be.closeTo(first.top, 1);
    });

    it('when rows above it grow late', async () => {
      await openLong();
      await wheel(page, -900, 4);
      await page.waitForTimeout(300);
      const first = await reading(page);
      const grown = await page.evaluate(() => {
        const edge = document.querySelector('.stream')?.getBoundingClientRect().top ?? 0;
        const above = [...document.querySelectorAll('.entry')].filter(
          entry => entry.getBoundingClientRect().bottom < edge,
        );
        for (const entry of above) {
          const image = document.createElement('div');
          image.style.height = '240px';
          entry.append(image);
        }
        return above.length;
      });
      expect(grown).to.be.greaterThan(1);
      await page.waitForTimeout(300);
      expect(await topOf(page, first.id)).to.be.closeTo(first.top, 1);
    });

    it('while it is scrolled up: each turn of the wheel moves it by just that much', async () => {
      await openLong();
      for (let turn = 0; turn < 25; turn += 1) {
        const before = new Map((await entries(page)).map(({ id, top }) => [id, top]));
        await wheel(page, -300);
        await page.waitForTimeout(60);
        for (const { id, top } of await entries(page)) {
          const was = before.get(id);
          if (was !== undefined) expect(top - was, `turn ${turn}`).to.be.closeTo(300, 1);
        }
      }
    });
  });

  describe('days (4)', () => {
    it('have one heading at a time at the top of a phone: the next pushes the sticky one away', async () => {
      await openLong({ viewport: { width: 390, height: 844 } });
      // where a day begins among the entries depends on the hour at which this runs
      const heading = () =>
        page.evaluate(() => {
          const stream = document.querySelector('.stream') as HTMLElement;
          const edge = stream.getBoundingClientRect().top;
          const tops = [...document.querySelectorAll('.feed .day')].map(day => day.getBoundingClientRect().top - edge);
          const below = tops.find(top => top > 60 && top < stream.clientHeight);
          return below === undefined ? undefined : stream.scrollTop + below;
        });
      let start: number | undefined;
      await wheel(page, -400, 3);
      for (let turn = 0; turn < 20 && start === undefined; turn += 1) {
        await wheel(page, -400);
        await page.waitForTimeout(300);
        start = await heading();
      }
      if (start === undefined) throw new Error('no day begins on the screen');
      const words = new Set<string>();
      for (let by = -48; by <= 16; by += 4) {
        await page.evaluate(top => document.querySelector('.stream')?.scrollTo(0, top), start + by);
        await page.waitForTimeout(60);
        const { sticky, heading, said } = await page.evaluate(() => {
          const edge = document.querySelector('.stream')?.getBoundingClientRect().top ?? 0;
          const bar = document.querySelector('.day.sticky') as HTMLElement;
          const days = [...document.querySelectorAll('.feed .day')].map(day => {
            const { bottom } = day.getBoundingClientRect();
            return { text: day.textContent, top: bottom - edge - 24, bottom: bottom - edge - 8 };
          });
          const near = days.reduce((a, b) => (Math.abs(a.top) < Math.abs(b.top) ? a : b));
          return { sticky: bar.getBoundingClientRect().bottom - edge, heading: near, said: bar.textContent ?? '' };
        });
        words.add(said);
        if (said === heading.text) expect(heading.bottom, `${by}: hidden behind it`).to.be.at.most(sticky);
        else expect(heading.top, `${by}: below it`).to.be.at.least(sticky - 1);
      }
      expect(words.size).to.equal(2);
    });

    it("have headings in the agent's language and zone, and the one above sticks", async () => {
      const other = await addContact(desk, 'Juha', 'Niemi', 'juha@vesikallio.example');
      const write = (subject: string, date: string) =>
        mail({ from: from('juha@vesikallio.example'), subject, date: new Date(date), text: 'Hei!' });
      await desk.capture(
        write('Before midnight in New York', '2024-03-05T03:30:00Z'),
        write('After midnight in New York', '2024-03-05T05:30:00Z'),
        write('Two months on', '2024-05-20T12:00:00Z'),
      );
      page = await desk.open({
        locale: 'de-DE',
        timezoneId: 'America/New_York',
        viewport: { width: 1440, height: 420 },
      });
      await page.goto(`/contacts/${other.id}`);
      await opened(page);
      await page.evaluate(() => document.querySelector('.stream')?.scrollTo(0, 0));
      await page.locator('.day.sticky', { hasText: 'Montag, 4. März 2024' }).waitFor();
      expect(await page.locator('.feed .day').allTextContents()).to.deep.equal([
        'Dienstag, 5. März 2024',
        'Montag, 20. Mai 2024',
      ]);
      expect(await page.locator('.gap-row').allTextContents()).to.deep.equal(['3 months without an entry']);
      expect(await page.locator('.day.sticky').evaluate(day => getComputedStyle(day).position)).to.equal('sticky');
      const top = () => page.locator('.day.sticky').evaluate(day => day.getBoundingClientRect().top);
      await page.evaluate(() => document.querySelector('.stream')?.scrollTo(0, 10_000));
      await page.locator('.day.sticky', { hasText: /5\. März|20\. Mai/ }).waitFor();
      const edge = await page.locator('.stream').evaluate(stream => stream.getBoundingClientRect().top);
      expect(await top()).to.be.closeTo(edge, 1);
    });
  });
});
