import { until } from '../connectors/chat/support.ts';
import { openSite, type Site } from './site.ts';

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
});
