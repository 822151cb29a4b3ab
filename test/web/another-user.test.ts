import { expect } from 'chai';
import type { Page, WebSocketRoute } from 'playwright-core';
import { until } from '../faults/until.ts';
import { addContact, type Contact, type Desk, openDesk } from './support.ts';

describe('a page whose browser is signed in as somebody else', () => {
  let desk: Desk;
  let contact: Contact;
  let page: Page;
  const maija = { email: 'maija@varaamo.example', password: 'a password that is long enough' };

  before(async function () {
    desk = await openDesk(this);
    contact = await addContact(desk, 'Helmi', 'Salo', 'helmi@tervasaari.example');
    await desk.api('POST', '/users', { ...maija, name: 'Maija Agentti', role: 'agent' });
  });
  afterEach(() => page.context().close());

  const shows = (name: string) => page.locator('.nav-user', { hasText: name }).waitFor();

  it('is of who is signed in, once its line comes back', async () => {
    const lines: WebSocketRoute[] = [];
    page = await desk.open();
    await page.routeWebSocket(/socket\.io/, socket => {
      lines.push(socket);
      socket.connectToServer();
    });
    await page.goto(`/contacts/${contact.id}`);
    await shows('Administrator');
    await until('the line', async () => lines.length > 0);
    await page.evaluate(() => sessionStorage.setItem('talteen:kept/x/chat/y', '{"text":"half an answer"}'));
    expect(await page.getByRole('link', { name: 'Users' }).count()).to.equal(1);
    const headers = { origin: desk.address };
    expect((await page.request.post('/api/v1/session', { data: maija, headers })).ok()).to.equal(true);
    for (const socket of lines) await socket.close();
    await shows('Maija Agentti');
    expect(await page.getByRole('link', { name: 'Users' }).count()).to.equal(0);
    expect(await page.evaluate(() => JSON.stringify(sessionStorage))).not.to.contain('half an answer');
  });

  it('is told by the tab where one signs in', async () => {
    page = await desk.open();
    await page.goto(`/contacts/${contact.id}`);
    await shows('Administrator');
    const other = await page.context().newPage();
    await other.goto('/contacts');
    await other.getByRole('button', { name: 'Your account' }).click();
    await other.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await other.getByLabel('E-mail').fill(maija.email);
    await other.getByLabel('Password').fill(maija.password);
    await other.getByRole('button', { name: 'Sign in' }).click();
    await shows('Maija Agentti');
    expect(await page.locator('dialog').count()).to.equal(0);
  });
});
