import { expect } from 'chai';
import { until } from '../connectors/chat/support.ts';
import { openSite, type Site } from './site.ts';

describe('the chat widget, wherever it is put', function () {
  this.timeout(120_000);
  let site: Site;
  before(async function () {
    site = await openSite(this);
  });
  after(() => site?.close());
  beforeEach(() => site.fresh());

  it('says that it can not be opened on a page that no account lists', async () => {
    const page = await site.load();
    await page.goto(page.url().replace('127.0.0.1', 'localhost'));
    await site.open(page);
    await page.getByText('can not be opened', { exact: false }).waitFor();
  });

  it('talks where the network lets no WebSocket through', async () => {
    site.way.refuseUpgrades();
    const agent = await site.one.agent();
    const page = await site.visit();
    await site.write(page, 'Hei!');
    await until('the agent', () => agent.got.length === 1);
    await agent.say((await site.only()).id, 'Kuinka voin auttaa?');
    await site.sees(page, ['Hei!', 'Kuinka voin auttaa?']);
  });

  it('looks and stays where it is as on any page, whatever that one says of its own', async () => {
    const look = async (css: string, html = 'lang="en"') => {
      site.now.html = html;
      const page = await site.load();
      await page.addStyleTag({ content: css });
      await site.open(page);
      await page.getByText('What you write here', { exact: false }).waitFor();
      const panel = page.getByRole('dialog');
      const box = await panel.boundingBox();
      const style = await panel.evaluate(shown => {
        const all = [...shown.querySelectorAll('*')].map(one =>
          [...getComputedStyle(one)].map(name => [name, one] as const),
        );
        return all.flat().map(([name, one]) => `${name}: ${getComputedStyle(one).getPropertyValue(name)}`);
      });
      await page.close();
      return { box, style };
    };
    const usual = await look('main { color: black; }');
    const inherited =
      '* { letter-spacing: 6px; text-transform: uppercase; text-indent: 2em; visibility: hidden; --page: red; }';
    const around =
      'body > * { display: none !important; opacity: 0.2 !important; filter: blur(2px) !important; rotate: 3deg; }';
    expect(await look(inherited + around, 'lang="en" dir="rtl"')).to.deep.equal(usual);
  });

  it('is there once, though the page has its tag twice', async () => {
    const page = await site.load();
    await page.locator('talteen-chat').waitFor({ state: 'attached' });
    await page.evaluate(() => {
      const [tag] = document.querySelectorAll('script');
      const script = document.createElement('script');
      script.src = tag?.src ?? '';
      script.dataset.account = tag?.dataset.account ?? '';
      document.body.append(script);
      return new Promise(resolve => script.addEventListener('load', resolve)).then(() => 0);
    });
    await site.open(page);
    await site.write(page, 'Hei!');
    await site.settled(page);
    expect(await page.locator('talteen-chat').count()).to.equal(1);
  });
});
