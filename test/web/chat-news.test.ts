import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { io, type Socket } from 'socket.io-client';
import { type Desk, mail, openDesk } from './support.ts';

describe('what is new in a chat', function () {
  this.timeout(90_000);
  let desk: Desk;
  let account: string;
  let socket: Socket;
  before(async function () {
    desk = await openDesk(this);
    ({ id: account } = await desk.api<{ id: string }>('POST', '/accounts', {
      connector: 'chat',
      name: 'Verkkosivut',
      config: {},
    }));
  });
  after(() => socket?.close());

  it('moves the contact up and marks it with each message, not only the first, until the message was on the screen', async () => {
    socket = io(`${desk.address}/visitor`, {
      auth: { account, name: 'Päivi' },
      transports: ['websocket'],
      forceNew: true,
    });
    const { conversation } = await new Promise<{ conversation: string }>(resolve => socket.once('session', resolve));
    const say = (text: string) => socket.emitWithAck('message', { id: randomUUID(), conversation, text });
    const page = await desk.open();
    await page.goto('/contacts');
    await page.getByText('No contacts yet').waitFor();
    await say('Onko tiistai vapaa?');
    await say('Hei?');
    const chat = page.locator('.contact-row', { hasText: 'Päivi' });
    await chat.locator('.new-dot').waitFor();
    await page.reload();
    await chat.filter({ hasText: 'Hei?' }).locator('.new-dot').waitFor();
    await chat.click();
    await chat.locator('.new-dot').waitFor({ state: 'detached' });

    await desk.capture(mail({ from: 'Ingrid Berg <ingrid@norrvik.example>', date: new Date() }));
    const first = page.locator('.contact-row').first();
    await first.filter({ hasText: 'Ingrid Berg' }).click();
    await page.getByRole('heading', { name: 'Ingrid Berg', level: 1 }).waitFor();
    await first.locator('.new-dot').waitFor({ state: 'detached' }); // read, not only passed by
    await say('Entä keskiviikko?');
    await first.filter({ hasText: 'Entä keskiviikko?' }).locator('.new-dot').waitFor();
    await chat.click();
    await page.getByText('New since you were here').waitFor();
    await chat.locator('.new-dot').waitFor({ state: 'detached' });

    // what comes while it is looked at, and moves nothing
    await say('Entä torstai?');
    await page.locator('.entry', { hasText: 'Entä torstai?' }).waitFor();
    await page.waitForFunction(() => !document.querySelector('.new-dot'));
    await page.reload();
    await chat.filter({ hasText: 'Entä torstai?' }).waitFor();
    expect(await chat.locator('.new-dot').count()).to.equal(0);
    await page.close();
  });
});
