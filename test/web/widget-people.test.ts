import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { identity, until } from '../connectors/chat/support.ts';
import { openSite, type Site, textsOf } from './site.ts';

describe('the chat widget, whoever writes', function () {
  this.timeout(120_000);
  let site: Site;
  before(async function () {
    site = await openSite(this);
  });
  after(() => site?.close());
  beforeEach(() => site.fresh());

  it('shows what others say under an id that its visitor has used, too', async () => {
    const agent = await site.one.agent();
    const page = await site.visit();
    await site.write(page, 'Hei!');
    await until('the agent', () => agent.got.length === 1);
    const { id } = await site.only();
    await agent.say(id, 'Kuinka voin auttaa?', { id: agent.got[0]?.id });
    await site.sees(page, ['Hei!', 'Kuinka voin auttaa?']);
    await page.reload();
    await site.open(page);
    await site.sees(page, ['Hei!', 'Kuinka voin auttaa?']);
  });

  it('leaves what is not sent yet to whom it is of, when somebody else signs in on the page that is open', async () => {
    const [anna, bertta] = [identity('anna'), identity('bertta')];
    const signIn = (page: Page, who: object | null) =>
      page.evaluate(`window.talteen = { identity: async () => (${JSON.stringify(who)}) }; null`);
    site.now.attributes = `data-identity='${JSON.stringify(anna)}'`;
    const page = await site.visit();
    await site.write(page, 'I am Anna');
    await site.settled(page);
    site.way.cut();
    await page.getByText('No connection', { exact: false }).waitFor();
    await site.write(page, 'Anna’s, not sent');
    await signIn(page, bertta);
    site.way.mend();
    await site.sees(page, []);
    await site.write(page, 'I am Bertta');
    await site.settled(page);
    await signIn(page, null);
    site.way.lead(site.two.hub.address);
    await site.sees(page, []);
    await signIn(page, anna);
    site.way.lead(site.one.hub.address);
    await site.sees(page, ['I am Anna', 'Anna’s, not sent']);
    await site.settled(page);
    const said = (await site.conversations()).map(textsOf);
    expect(said).to.have.deep.members([['I am Anna', 'Anna’s, not sent'], ['I am Bertta']]);
  });

  it('says on which day something was said, where that is not today', async () => {
    const page = await site.visit();
    await site.write(page, 'Hei!');
    await site.settled(page);
    const said = page.locator('.said .dim');
    expect(await said.textContent()).to.match(/^You, \d\d:\d\d$/);
    await page.clock.setFixedTime(new Date('2031-03-01T12:00:00Z'));
    await page.reload();
    await site.open(page);
    await said.waitFor();
    expect(await said.textContent()).to.match(/^You, \d+ \w+ 20\d\d, \d\d:\d\d$/);
  });
});
