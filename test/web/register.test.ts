import { expect } from 'chai';
import { type Desk, openDesk } from './support.ts';

describe('the register on the page', () => {
  let desk: Desk;
  let account: string;
  before(async function () {
    desk = await openDesk(this);
    const { id } = await desk.api<{ id: string }>('POST', '/accounts', {
      connector: 'webhook',
      name: 'Shop',
      config: {},
    });
    account = id;
  });

  const post = (item: object) => desk.api('POST', `/accounts/${account}/items`, item);
  const find = async (q: string): Promise<{ id: string; identifiers: object[] }> => {
    for (;;) {
      const { items } = await desk.api<{ items: { id: string; identifiers: object[] }[] }>(
        'GET',
        `/contacts?q=${encodeURIComponent(q)}`,
      );
      if (items[0]) return items[0];
      await new Promise(resolve => setTimeout(resolve, 50));
    }
  };

  it('shows a register event in a line, and opened with its data', async () => {
    await post({
      type: 'event',
      id: 'e1',
      event: 'delivery-terms',
      occurredAt: '2026-11-20T10:00:00Z',
      subject: 'Sali 2',
      contact: { type: 'email', value: 'paivi@kuusilahti.example', name: 'Päivi Mäkelä' },
      data: { paymentDays: 30, invoice: { to: 'Kuusilahti', copies: 2 }, extras: ['projector', 'piano'], paid: false },
    });
    const { id } = await find('paivi@kuusilahti.example');
    const page = await desk.open();
    await page.goto(`/contacts/${id}`);
    const entry = page.locator('article.entry', { hasText: 'Sali 2' });
    await entry.getByText('Delivery terms: paymentDays 30, paid false').waitFor();
    await entry.getByRole('button', { name: /Sali 2/ }).click();
    await entry.locator('.event-data').waitFor();
    const said = await entry.locator('.event-data > div').allInnerTexts();
    expect(said.map(row => row.replace(/\s*\n+\s*/g, ' = '))).to.deep.equal([
      'What = Delivery terms',
      'When = Friday, 20 November 2026 at 12:00:00 (Europe/Helsinki)',
      'Payment days = 30',
      'Invoice: to = Kuusilahti',
      'Invoice: copies = 2',
      'Extras = projector, piano',
      'Paid = no',
      'Number = e1',
    ]);
    await page.context().close();
  });

  it('asks whether two addresses are one person’s, and joins or leaves them', async () => {
    const said = (id: string, value: string, email: string) =>
      post({
        type: 'interaction',
        id,
        channel: 'sms',
        direction: 'inbound',
        occurredAt: '2026-11-20T10:00:00Z',
        from: { type: 'phone', value, also: [{ type: 'email', value: email }] },
        text: 'Hei',
      });
    await said('s1', '040 000 0110', 'eero@kuusilahti.example');
    await said('s2', '040 000 0120', 'aino@kuusilahti.example');
    await find('+358400000120');
    const page = await desk.open();
    await page.goto('/unlinked');
    const section = page.getByRole('region', { name: 'May be one person' });
    await section.getByText('“Shop” says that both are one person’s, and doesn’t prove it.').first().waitFor();
    const row = (text: string) => section.locator('li', { hasText: text });
    const badge = page.getByRole('link', { name: 'To sort out' }).locator('.nav-mark');
    await badge.getByText('2', { exact: true }).waitFor();
    const ask = page.getByRole('dialog', { name: 'Join these two?' });
    await row('eero@kuusilahti.example').getByRole('button', { name: 'Join' }).click();
    await ask.getByText('1 on the timeline').waitFor();
    await ask.getByRole('button', { name: 'Cancel' }).click();
    expect((await find('+358400000110')).identifiers, 'nothing was joined yet').to.have.length(1);
    await row('eero@kuusilahti.example').getByRole('button', { name: 'Join' }).click();
    await ask.getByRole('button', { name: 'Join' }).click();
    await row('eero@kuusilahti.example').getByText('One contact has both now').waitFor();
    expect((await find('eero@kuusilahti.example')).identifiers).to.have.length(2);
    await badge.getByText('1', { exact: true }).waitFor();
    await page.waitForFunction(() => document.activeElement?.closest('.suggestion')?.textContent?.includes('aino@'));
    await row('aino@kuusilahti.example').getByRole('button', { name: 'Not the same' }).click();
    await row('aino@kuusilahti.example').getByText('They stay apart').waitFor();
    expect(await section.locator('li').count(), 'what was decided keeps its place').to.equal(2);
    await row('aino@kuusilahti.example').hover(); // the button that was pointed at is gone: a browser may not know yet where the pointer is
    await page.mouse.move(700, 5);
    await section.waitFor({ state: 'detached' });
    await badge.waitFor({ state: 'detached' });
    expect((await find('+358400000120')).identifiers).to.have.length(1);
    await page.context().close();
  });

  it('shows no key of a chat’s browser: it tells a person nothing', async () => {
    const key = '0f359c83087140928b6b615d3f6fe7d9';
    await post({
      type: 'interaction',
      id: 's4',
      channel: 'chat',
      direction: 'inbound',
      occurredAt: '2026-11-20T10:00:00Z',
      from: { type: 'chat', value: key, also: [{ type: 'email', value: 'liisa@kuusilahti.example' }] },
      text: 'Hei',
    });
    const { id } = await find(key);
    const page = await desk.open();
    await page.goto(`/contacts/${id}`);
    await page.getByRole('heading', { name: 'Chat visitor' }).waitFor();
    const about = page.getByRole('complementary', { name: 'About this contact' });
    await about.getByText('1 browser').waitFor();
    await about.getByRole('button', { name: 'Edit' }).click();
    const edit = page.getByRole('dialog', { name: 'Edit contact' });
    await edit.getByRole('button', { name: 'Remove Chat visitor' }).waitFor();
    const fields = edit.getByRole('textbox', { name: 'Value' });
    expect(await fields.count()).to.equal(0);
    for (const shown of [page.locator('.contact-head'), about, edit])
      expect(await shown.innerText()).to.not.include(key);
    await edit.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('link', { name: 'To sort out' }).click();
    const row = page.locator('.suggestion', { hasText: 'liisa@kuusilahti.example' });
    await row.getByText('Chat visitor').waitFor();
    expect(await row.innerText()).to.not.include(key);
    expect(await page.getByText('Everything is sorted').count()).to.equal(0);
    await row.getByRole('button', { name: 'Not the same' }).click();
    await page.getByText('Everything is sorted').waitFor();
    await page.context().close();
  });

  it('shows what is asked and decided elsewhere as it happens, but takes nothing from under a pointer', async () => {
    const said = (n: number) =>
      post({
        type: 'interaction',
        id: `s3${n}`,
        channel: 'sms',
        direction: 'inbound',
        occurredAt: '2026-11-20T10:00:00Z',
        text: 'Hei',
        from: {
          type: 'phone',
          value: `040 000 013${n}`,
          also: [{ type: 'email', value: `olli${n}@kuusilahti.example` }],
        },
      });
    const dismissAll = async () => {
      const { items } = await desk.api<{ items: { id: string }[] }>('GET', '/suggestions');
      for (const { id } of items) await desk.api('POST', `/suggestions/${id}/dismiss`);
    };
    const page = await desk.open();
    const row = (n: number) => page.locator('.suggestion', { hasText: `olli${n}@kuusilahti.example` });
    await page.goto('/unlinked');
    await page.getByText('Everything is sorted').waitFor();
    await said(0);
    await row(0).waitFor();
    await page.locator('.nav-mark').getByText('1', { exact: true }).waitFor();
    await page.mouse.move(700, 5);
    await dismissAll();
    await row(0).waitFor({ state: 'detached' });
    await page.locator('.nav-mark').waitFor({ state: 'detached' });
    await said(1);
    await row(1).hover();
    await dismissAll();
    await page.locator('.nav-mark').waitFor({ state: 'detached' });
    await row(1).getByRole('button', { name: 'Join' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Join' }).click();
    await page.locator('.toast', { hasText: 'Somebody decided this before. They stay apart' }).waitFor();
    await page.context().close();
  });
});
