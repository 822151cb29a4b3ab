import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { type Desk, mail, openDesk } from './support.ts';

interface Account {
  id: string;
  name: string;
  config: Record<string, unknown>;
  secrets: string[];
  warnings: string[];
  webhooks: { name: string; url: string; help: string | null }[];
  embed: string | null;
}

describe('connections of every kind', () => {
  let desk: Desk;
  let page: Page;

  before(async function () {
    desk = await openDesk(this);
  });
  afterEach(async () => {
    await page?.context().close();
  });

  const begin = async (kind: string, name: string) => {
    page = await desk.open({ permissions: ['clipboard-read', 'clipboard-write'] });
    await page.goto('/connections/new');
    await page.getByLabel('Kind').selectOption({ label: kind });
    await page.getByLabel('Name', { exact: true }).fill(name);
  };
  const save = async (name: string): Promise<Account> => {
    await page.getByRole('button', { name: 'Save and start' }).click();
    await page.getByRole('heading', { name, exact: true }).waitFor();
    const { items } = await desk.api<{ items: Account[] }>('GET', '/accounts');
    const made = items.find(account => account.name === name);
    if (!made) throw new Error(`there is no account ${name}`);
    return made;
  };

  it('have a form made from each connector’s schema, whichever there are', async () => {
    const { items } = await desk.api<{ items: { id: string; label: string }[] }>('GET', '/connectors');
    page = await desk.open();
    await page.goto('/connections/new');
    const kinds = page.getByLabel('Kind').locator('option');
    await kinds.first().waitFor({ state: 'attached' });
    expect(await kinds.allTextContents()).to.deep.equal(items.map(({ label }) => label));
    for (const { label } of items) {
      await page.getByLabel('Kind').selectOption({ label });
      expect(await page.locator('form .field').count(), label).to.be.greaterThan(1);
      const unnamed = await page
        .locator('form')
        .evaluate(form =>
          [...form.querySelectorAll<HTMLInputElement>('input, select, textarea')]
            .filter(({ labels }) => !labels?.length || !labels[0]?.textContent?.trim())
            .map(({ name }) => name),
        );
      expect(unnamed, label).to.deep.equal([]);
    }
  });

  it('give the address to post to, with where it belongs, and copy it', async () => {
    await begin('Webhook', 'Booking system');
    const secret = `whsec_${Buffer.from('a secret of twenty-four bytes').toString('base64')}`;
    await page.getByLabel('Secrets').fill(secret);
    const account = await save('Booking system');
    expect(account.secrets).to.deep.equal(['secrets']);
    expect(account.webhooks).to.have.length(1);
    const [events] = account.webhooks;
    expect(events?.url).to.equal(`${desk.address}/webhooks/${account.id}/events`);
    await page.getByText(events?.help ?? 'no help').waitFor();
    await page.getByRole('button', { name: 'Copy events' }).click();
    await page.getByText('Copied').waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).to.equal(events?.url);
    expect(await page.getByText('Health by folder').count()).to.equal(0);
    expect(await page.content()).not.to.contain(secret);
  });

  it('are copied also where the page is not on https', async () => {
    const { id } = await desk.api<Account>('POST', '/accounts', { connector: 'webhook', name: 'Over http' });
    page = await desk.open();
    const faults: Error[] = [];
    page.on('pageerror', error => faults.push(error));
    // as a browser has it on http pages other than localhost
    await page.addInitScript(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }));
    await page.goto(`/connections/${id}`);
    await page.getByRole('button', { name: 'Copy events' }).click();
    await page.getByText('Copied').waitFor();
    await page.getByLabel('Country').focus();
    await page.keyboard.press('Control+v');
    expect(await page.getByLabel('Country').inputValue()).to.equal(`${desk.address}/webhooks/${id}/events`);
    await page.goto('/users');
    await page.getByRole('button', { name: 'Make a token' }).first().click();
    await page.getByRole('dialog').getByLabel('Name').fill('Script');
    await page.getByRole('dialog').getByRole('button', { name: 'Make a token' }).click();
    await page.locator('code.secret').waitFor();
    await page.getByRole('button', { name: 'Copy' }).click();
    await page.getByText('Copied').waitFor();
    expect(faults).to.deep.equal([]);
  });

  it('warn in words of an address that nobody else reaches', async () => {
    await begin('Webhook', 'Out of reach');
    const { warnings } = await save('Out of reach');
    expect(warnings).to.have.length(1);
    await page.locator('.warn-card', { hasText: 'TALTEEN_PUBLIC_URL' }).waitFor();
  });

  it('say beside the field what is wrong with it', async () => {
    await begin('Webhook', 'Wrong');
    await page.getByLabel('Country').fill('Finland');
    await page.getByRole('button', { name: 'Save and start' }).click();
    await page.locator('.field', { hasText: 'Country' }).locator('.fault').waitFor();
  });

  it('are tested once they are filled in, and a refusal is said beside its field', async () => {
    await begin('E-mail', 'Mailbox');
    await page.getByRole('button', { name: 'Test connection' }).click();
    await page.locator('input[name=host]:focus:invalid').waitFor();
    expect(await page.locator('.ladder').count()).to.equal(0);
    await begin('Twilio (SMS, WhatsApp, calls)', 'Phones');
    await page.getByLabel('Account SID').fill('not one');
    await page.getByLabel('Auth token', { exact: true }).fill('a token that Twilio would not know');
    await page.getByRole('button', { name: 'Test connection' }).click();
    const fault = page.locator('.field', { hasText: 'Account SID' }).locator('.fault');
    await fault.waitFor();
    await page.locator('.rung.broken', { hasText: 'Settings' }).getByText('Account SID: It begins with AC').waitFor();
    expect(await page.getByText('The body has fields', { exact: false }).count()).to.equal(0);
    await page.getByLabel('Account SID').fill('AC00000000000000000000000000000000');
    await fault.waitFor({ state: 'detached' });
    expect(await page.locator('[aria-invalid]').count()).to.equal(0);
  });

  it('name a list of which one line is refused', async () => {
    await begin('Chat widget', 'Bad pages');
    await page.getByLabel('Pages').fill('https://www.varaamo.example\nnowhere');
    await page.getByRole('button', { name: 'Save and start' }).click();
    await page
      .locator('.field', { hasText: 'Pages' })
      .locator('.fault', { hasText: 'An origin is expected' })
      .waitFor();
  });

  it('keep what another administrator saves meanwhile', async () => {
    const { id } = await desk.api<Account>('POST', '/accounts', {
      connector: 'chat',
      name: 'Two at it',
      config: { origins: ['https://one.example'] },
    });
    page = await desk.open();
    await page.goto(`/connections/${id}`);
    await page.getByLabel('Pages').waitFor();
    const origins = ['https://one.example', 'https://two.example'];
    await desk.api('PATCH', `/accounts/${id}`, { config: { origins } });
    await page.getByLabel('Ask for the name').check();
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByText('Saved', { exact: true }).waitFor();
    const { config } = await desk.api<Account>('GET', `/accounts/${id}`);
    expect(config).to.deep.include({ origins, askName: true });
    expect(await page.getByLabel('Pages').inputValue()).to.equal(origins.join('\n'));
  });

  it('let go of a secret that is not wanted any more', async () => {
    const { id } = await desk.api<Account>('POST', '/accounts', {
      connector: 'chat',
      name: 'Signed',
      config: { identitySecret: 'a secret of the site' },
    });
    page = await desk.open();
    await page.goto(`/connections/${id}`);
    const field = page.locator('.field', { hasText: 'Identity secret' });
    const remove = field.getByRole('button', { name: 'Remove' });
    await remove.click();
    await field.getByRole('button', { name: 'Keep it' }).click();
    await remove.click();
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByText('Saved', { exact: true }).waitFor();
    await remove.waitFor({ state: 'detached' });
    expect(await field.getByRole('button').count()).to.equal(0);
    expect((await desk.api<Account>('GET', `/accounts/${id}`)).secrets).to.deep.equal([]);
  });

  it('give the line that puts the chat on a site', async () => {
    await begin('Chat widget', 'Site chat');
    await page.getByLabel('Pages').fill('https://www.varaamo.example');
    await page.getByLabel('Ask for the name').check();
    const account = await save('Site chat');
    expect(account.config).to.deep.include({ origins: ['https://www.varaamo.example'], askName: true });
    expect(account.embed).to.equal(
      `<script src="${desk.address}/widget.js" data-account="${account.id}" async></script>`,
    );
    await page.getByText(account.embed ?? '', { exact: true }).waitFor();
    await page.getByLabel('Ask for the name').uncheck();
    await page.getByLabel('Name', { exact: true }).fill('Web chat');
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByRole('heading', { name: 'Web chat' }).waitFor();
    await page.getByText('Saved', { exact: true }).waitFor();
    const after = await desk.api<Account>('GET', `/accounts/${account.id}`);
    expect(after).to.include({ name: 'Web chat' });
    expect(after.config).to.deep.include({ askName: false });
  });

  it('warn of data that leaves the EU, and say where in Twilio’s console each address belongs', async () => {
    await begin('Twilio (SMS, WhatsApp, calls)', 'Phones');
    await page.getByLabel('Account SID').fill('AC00000000000000000000000000000000');
    await page.getByLabel('Auth token', { exact: true }).fill('a token that Twilio would not know');
    const { id, webhooks, warnings } = await save('Phones');
    expect(warnings.join()).to.contain('leave the EU');
    await page.locator('.warn-card', { hasText: 'leave the EU' }).waitFor();
    expect(webhooks.map(({ name }) => name)).to.include.members(['messages', 'message-status', 'calls', 'recordings']);
    expect(webhooks.filter(({ help }) => !help)).to.deep.equal([]);
    await desk.api('PATCH', `/accounts/${id}`, {
      config: { region: 'ie1', authToken: 'another token' },
      state: 'paused',
    });
    const after = await desk.api<Account>('GET', `/accounts/${id}`);
    expect(after.warnings.join()).not.to.contain('EU');
  });

  it('are listed with their kind', async () => {
    page = await desk.open();
    await page.goto('/connections');
    await page.locator('.account', { hasText: 'Web chat' }).getByText('Chat widget').waitFor();
  });

  it('that only files are handed in to are said to be that, and can not be set running in vain', async () => {
    await desk.capture(mail({ subject: 'From a file' }));
    page = await desk.open();
    await page.goto('/connections');
    const card = page.locator('.account', { hasText: 'imports' });
    await card.getByText('For files').waitFor();
    await card.getByRole('link').first().click();
    await page.getByText('Files that are handed in', { exact: false }).waitFor();
    expect(await page.getByRole('button', { name: 'Resume' }).count()).to.equal(0);
  });
});
