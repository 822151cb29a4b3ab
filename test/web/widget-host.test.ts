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
});
