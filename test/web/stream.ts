import type { Page } from 'playwright-core';
import type { Contact, Desk } from './support.ts';

export interface Seen {
  id: string;
  /** px below the top of the stream */
  top: number;
  bottom: number;
}

/** The entries whose rows are on the page, from above. */
export const entries = (page: Page): Promise<Seen[]> =>
  page.evaluate(() => {
    const above = document.querySelector('.stream')?.getBoundingClientRect().top ?? 0;
    return [...document.querySelectorAll<HTMLElement>('.entry')].map(entry => {
      const { top, bottom } = entry.getBoundingClientRect();
      return { id: entry.dataset.id ?? '', top: top - above, bottom: bottom - above };
    });
  });

/** The entry at the top of what can be read (below the sticky day). */
export const reading = async (page: Page): Promise<Seen> => {
  const first = (await entries(page)).find(({ bottom }) => bottom > 36);
  if (!first) throw new Error('no entry is shown');
  return first;
};

/** Where an entry stands now. */
export const topOf = async (page: Page, id: string): Promise<number> => {
  const entry = (await entries(page)).find(other => other.id === id);
  if (!entry) throw new Error(`${id} is not on the page`);
  return entry.top;
};

/** How far (px) the reader is from the newest end. */
export const fromEnd = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const stream = document.querySelector('.stream');
    return stream ? stream.scrollHeight - stream.scrollTop - stream.clientHeight : -1;
  });

/** Waits until the timeline is open, where it was to open. */
export const opened = async (page: Page): Promise<void> => {
  await page.waitForSelector('.stream:not([data-opening]) .entry');
};

/** A window of its own with a contact's timeline, open where it was to open. */
export const openTimeline = async (
  { open }: Pick<Desk, 'open'>,
  { id }: Contact,
  options?: Parameters<Desk['open']>[0],
): Promise<Page> => {
  const page = await open(options);
  await page.goto(`/contacts/${id}`);
  await opened(page);
  return page;
};

export const wheel = async (page: Page, by: number, times = 1): Promise<void> => {
  const box = await page.locator('.stream').boundingBox();
  if (!box) throw new Error('there is no stream');
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  for (let n = 0; n < times; n += 1) {
    await page.mouse.wheel(0, by);
    await page.waitForTimeout(80);
  }
};
