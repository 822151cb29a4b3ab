import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { type Dovecot, startDovecot } from '../support/dovecot.ts';
import { needs } from '../support/needs.ts';
import { opened } from './stream.ts';
import { type Desk, mail, openDesk } from './support.ts';

const user = 'tuki@varaamo.example';
const raw = (options: Parameters<typeof mail>[0]) => Buffer.from(mail(options).replace(/\n/g, '\r\n'));

describe('the pages of the administrator', () => {
  let desk: Desk;
  let page: Page;

  before(async function () {
    desk = await openDesk(this);
  });
  afterEach(async () => {
    await page?.context().close();
  });

  describe('connections', () => {
    let dovecot: Dovecot;

    before(async function () {
      needs(this, 'dovecot');
      dovecot = await startDovecot({ users: [{ user, password: 'right' }], tls: false });
      const from = 'Päivi Mäkelä <paivi@kuusilahti.example>';
      const letters = Array.from({ length: 7 }, (_, at) => raw({ from, subject: `Kirje ${at + 1}`, text: 'Hei!' }));
      await dovecot.deliverAll(user, 'INBOX', letters);
    });

    const fillIn = async (password: string) => {
      await page.getByLabel('Name', { exact: true }).fill('Support mailbox');
      await page.getByLabel('Host').fill(dovecot.host);
      await page.getByLabel('Port').fill(String(dovecot.port));
      await page.getByLabel('Security').selectOption('none');
      await page.getByLabel('User').fill(user);
      await page.getByLabel('Password').fill(password);
    };
    const rungs = () => page.locator('.rung strong').allTextContents();

    it('begin with an invitation', async () => {
      page = await desk.open();
      await page.goto('/connections');
      await page.getByRole('link', { name: 'Add a mailbox' }).click();
      await page.getByRole('heading', { name: 'Add a connection' }).waitFor();
    });

    it('know the providers, and what each needs', async () => {
      page = await desk.open();
      await page.goto('/connections/new');
      await page.getByLabel('Provider').selectOption('Google Workspace, Gmail');
      expect(await page.getByLabel('Host').inputValue()).to.equal('imap.gmail.com');
      expect(await page.getByLabel('Port').inputValue()).to.equal('993');
      await page.getByText('Needs an app password').waitFor();
    });

    it('test as a ladder whose failing rung says why and what to do', async () => {
      page = await desk.open();
      await page.goto('/connections/new');
      await fillIn('wrong');
      await page.getByRole('button', { name: 'Test connection' }).click();
      await page.locator('.rung.broken').waitFor();
      expect(await rungs()).to.deep.equal(['Find the server', 'Connect', 'Encrypt', 'Sign in']);
      expect((await page.locator('.rung.broken .rung-detail').textContent())?.length).to.be.greaterThan(30);
      await page.getByText('The test stopped here').waitFor();
    });

    it('test up to sample mails, then take everything in, and what comes later live', async () => {
      page = await desk.open();
      await page.goto('/connections/new');
      await fillIn('right');
      await page.getByRole('button', { name: 'Test connection' }).click();
      await page.getByText('All rungs hold').waitFor();
      expect(await rungs()).to.deep.equal([
        'Find the server',
        'Connect',
        'Encrypt',
        'Sign in',
        'See the folders',
        'Read five mails',
      ]);
      await page.locator('.seen', { hasText: 'Kirje 7' }).waitFor();
      await page.getByRole('button', { name: 'Save and start' }).click();
      await page.getByRole('heading', { name: 'Support mailbox' }).waitFor();
      const inbox = page.locator('tr', { hasText: 'INBOX' });
      await inbox.filter({ hasText: '7' }).waitFor({ timeout: 20_000 });
      await page.locator('.counts', { hasText: 'Stored7' }).waitFor({ timeout: 20_000 });

      await page.locator('.nav').getByText('Contacts').click();
      await page.locator('.contact-row', { hasText: 'Päivi Mäkelä' }).click();
      await opened(page);
      expect(await page.locator('.entry', { hasText: 'Kirje' }).count()).to.equal(7);
      await dovecot.deliver(
        user,
        'INBOX',
        raw({ from: 'paivi@kuusilahti.example', subject: 'Uusin kirje', text: 'Hei taas!' }),
      );
      await page.locator('.entry', { hasText: 'Uusin kirje' }).waitFor({ timeout: 15_000 });
    });

    it('pause and go on, keep the password, and stop in words when it is wrong', async () => {
      page = await desk.open();
      await page.goto('/connections');
      await page.getByRole('link', { name: 'Support mailbox' }).click();
      await page.getByRole('button', { name: 'Pause' }).click();
      await page.locator('.tag', { hasText: 'Paused' }).waitFor();
      await page.getByRole('button', { name: 'Resume' }).click();
      await page.locator('.tag', { hasText: 'Running' }).waitFor();
      expect(await page.getByLabel('Password').inputValue()).to.equal('');
      expect(await page.getByLabel('Password').getAttribute('placeholder')).to.contain('Saved');
      await page.getByRole('button', { name: 'Test connection' }).click();
      await page.getByText('All rungs hold').waitFor();
      await page.getByLabel('Password').fill('not it any more');
      await page.getByRole('button', { name: 'Save changes' }).click();
      await page.locator('.tag', { hasText: 'Stopped: needs you' }).waitFor({ timeout: 20_000 });
      expect((await page.locator('.fault-card').textContent())?.length).to.be.greaterThan(20);
      await page.locator('.nav-mark.warn', { hasText: '1' }).waitFor({ timeout: 20_000 });
    });

    it('say at the field what is wrong', async () => {
      page = await desk.open();
      await page.goto('/connections/new');
      await fillIn('');
      await page.getByLabel('Name', { exact: true }).fill('Without a password');
      await page.getByRole('button', { name: 'Save and start' }).click();
      await page.locator('.field', { hasText: 'Password' }).locator('.fault').waitFor();
    });

    it('are deleted only after saying what that means', async () => {
      page = await desk.open();
      await page.goto('/connections');
      await page.getByRole('link', { name: 'Support mailbox' }).click();
      await page.getByRole('button', { name: 'Delete' }).click();
      const dialog = page.getByRole('dialog', { name: 'Delete Support mailbox?' });
      await dialog.getByText('8 interactions').waitFor();
      await dialog.getByRole('button', { name: 'Delete' }).click();
      await page.waitForURL(/\/connections$/);
      await page.getByRole('link', { name: 'Support mailbox' }).waitFor({ state: 'detached' });
    });
  });

  describe('imports', () => {
    const upload = (name: string, text: string) => ({
      name,
      mimeType: 'application/octet-stream',
      buffer: Buffer.from(text),
    });

    it('take mail in, say how much, and a second time nothing', async () => {
      await desk.hub.core.accounts.ensureForImports('imports');
      page = await desk.open();
      await page.goto('/imports');
      const panel = page.locator('.card', { hasText: 'Mail archives' });
      const letter = mail({ from: 'olli@vesikallio.example', subject: 'By hand', text: 'Hei!' }).replace(/\n/g, '\r\n');
      for (const words of ['1 stored · 0 doubles', '0 stored · 1 doubles']) {
        await panel.locator('input[type=file]').setInputFiles([upload('one.eml', letter)]);
        await panel.getByRole('button', { name: 'Import' }).click();
        await panel.getByText(words).waitFor();
        await panel.getByText('Done').waitFor();
        await page.reload();
      }
      await page.locator('.import-row').nth(1).waitFor();
      expect(await page.locator('.import-row').count()).to.equal(2);
    });

    it('take a list of contacts in, and name each line that was left out', async () => {
      page = await desk.open();
      await page.goto('/imports');
      const panel = page.locator('.card', { hasText: 'A CSV file' });
      const csv =
        'external_id,first_name,last_name,email\n1,Kaisa,Niemi,kaisa@norrvik.example\n,Nobody,,\n3,Juha,Laine,not-an-address\n';
      await panel.locator('input[type=file]').setInputFiles([upload('contacts.csv', csv)]);
      await panel.getByRole('button', { name: 'Import' }).click();
      await panel.getByText('Done').waitFor();
      const lines = await panel.locator('tbody tr td:first-child').allTextContents();
      expect(lines).to.include('3');
      await page.getByRole('link', { name: 'Quarantine' }).click();
      await page.goBack();
      await panel.locator('tbody tr').first().waitFor(); // what was left out is still to be read
      expect(await panel.locator('tbody tr td:first-child').allTextContents()).to.deep.equal(lines);
      await page.goto('/contacts');
      await page.locator('.contact-row', { hasText: 'Kaisa Niemi' }).waitFor();
    });

    it('say so when the server refuses a file', async () => {
      page = await desk.open();
      await page.goto('/imports');
      const panel = page.locator('.card', { hasText: 'A CSV file' });
      await panel.locator('input[type=file]').setInputFiles([upload('nothing.csv', 'no,header,that,we,know\n')]);
      await panel.getByRole('button', { name: 'Import' }).click();
      await panel.locator('.bad').filter({ hasText: /\S/ }).first().waitFor();
    });
  });

  describe('quarantine', () => {
    it('lists what could not be read, with the reason, its bytes and another try', async () => {
      const account = await desk.hub.core.accounts.ensureForImports('imports');
      await desk.hub.core.models.quarantine.create({
        _id: 'INBOX;1;77',
        account: account._id,
        locator: `line/${'0f'.repeat(32)}/1`,
        stream: 'INBOX',
        reason: 'The server did not send this message, three times.',
        size: 0,
        at: new Date(),
        state: 'open',
      });
      page = await desk.open();
      await page.goto('/quarantine');
      const line = page.locator('tr', { hasText: 'did not send this message' });
      await line.getByText('no bytes').waitFor();
      await line.getByText('imports').waitFor();
      await line.getByRole('button', { name: 'Replay' }).click();
      await line.getByRole('alert').or(page.locator('.toast')).first().waitFor();
      await page.setViewportSize({ width: 390, height: 844 });
      expect(await page.locator('.table-wrap').evaluate(wrap => wrap.scrollWidth - wrap.clientWidth)).to.equal(0);
    });
  });

  describe('users and tokens', () => {
    it('make a user with a password that is shown once, and disable one', async () => {
      page = await desk.open();
      await page.goto('/users');
      await page.getByRole('button', { name: 'Add a user' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Name').fill('Kaisa Niemi');
      await dialog.getByLabel('E-mail').fill('kaisa@varaamo.example');
      await dialog.getByRole('button', { name: 'Add a user' }).click();
      const password = await page.locator('.secret').textContent();
      await page.getByRole('button', { name: 'Close' }).last().click();
      const enter = () =>
        fetch(`${desk.address}/api/v1/session`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ email: 'kaisa@varaamo.example', password }),
        });
      expect((await enter()).ok).to.equal(true);
      const line = page.locator('tr', { hasText: 'kaisa@varaamo.example' });
      const role = line.getByRole('combobox');
      const kept = async () =>
        (await desk.api<{ items: { email: string; role: string }[] }>('GET', '/users')).items.find(
          ({ email }) => email === 'kaisa@varaamo.example',
        )?.role;
      await role.focus();
      await page.keyboard.press('ArrowDown'); // an arrow alone gives nothing away
      const give = line.getByRole('button', { name: 'Change role' });
      await give.waitFor();
      expect(await kept()).to.equal('agent');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await page.getByText('Saved').first().waitFor();
      await give.waitFor({ state: 'detached' });
      expect(await kept()).to.equal('privacy-officer');
      expect(await role.evaluate(select => select === document.activeElement)).to.equal(true);
      const answered = page.waitForResponse(response => response.request().method() === 'PATCH');
      await page.getByRole('button', { name: 'Undo' }).click();
      await answered;
      expect(await kept()).to.equal('agent');
      await line.getByRole('button', { name: 'Disable' }).click();
      await line.getByText('Disabled').waitFor();
      expect((await enter()).status).to.equal(401);
      const own = page.locator('tr', { hasText: '(you)' });
      expect(await own.getByRole('combobox').count()).to.equal(0);
    });

    it('make a token that is shown once and works, and revoke it', async () => {
      page = await desk.open();
      await page.goto('/users');
      await page.getByRole('button', { name: 'Make a token' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Name').fill('billing');
      await dialog.getByRole('button', { name: 'Make a token' }).click();
      const secret = await page.locator('.secret').textContent();
      const ask = async () =>
        (await fetch(`${desk.address}/api/v1/contacts`, { headers: { authorization: `Bearer ${secret}` } })).status;
      expect(await ask()).to.equal(200);
      await page.getByRole('button', { name: 'Close' }).last().click();
      expect(await page.content()).not.to.contain(secret);
      await page.locator('tr', { hasText: 'billing' }).getByRole('button', { name: 'Revoke' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
      await page.locator('tr', { hasText: 'billing' }).waitFor({ state: 'detached' });
      expect(await ask()).to.equal(401);
    });
  });
});
