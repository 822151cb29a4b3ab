import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { addContact, type Desk, openDesk } from './support.ts';

describe('a quick Enter in the search of the list', () => {
  let desk: Desk;
  let page: Page;
  const ids = new Map<string, string>();

  before(async function () {
    desk = await openDesk(this);
    for (const [first, last] of [
      ['Ewa', 'Zielinska'],
      ['Karin', 'Nyberg'],
      ['Susanna', 'Nyholm'],
    ] as const)
      ids.set(last, (await addContact(desk, first, last, `${first.toLowerCase()}@koskenranta.example`)).id);
  });
  beforeEach(async () => {
    page = await desk.open();
    await page.goto('/contacts');
    await page.locator('.contact-row').first().waitFor();
  });
  afterEach(() => page.context().close());

  const search = () => page.getByRole('searchbox');
  const opens = async (name: string) => {
    await page.waitForURL(/contacts\/./);
    expect(page.url()).to.contain(ids.get(name));
  };

  it('opens whom these letters find, not who stood there before', async () => {
    await search().pressSequentially('Zielinska', { delay: 20 });
    await search().press('Enter');
    await opens('Zielinska');
  });

  it('waits for a slow answer, and forgets it when one types on', async () => {
    let answer: () => void = () => undefined;
    const held = new Promise<void>(resolve => {
      answer = resolve;
    });
    await page.route(/contacts\?.*q=Nyholm/, async route => {
      await held;
      await route.continue();
    });
    await search().fill('Nyb');
    await page.locator('.contact-row').nth(1).waitFor({ state: 'detached' });
    const asked = page.waitForRequest(/contacts\?.*q=Nyholm/);
    await search().fill('Nyholm');
    await search().press('Enter');
    await asked;
    expect(new URL(page.url()).pathname).to.equal('/contacts');
    answer();
    await opens('Nyholm');
  });
});
