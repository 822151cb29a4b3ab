import { expect } from 'chai';
import { openTimeline } from './stream.ts';
import { addContact, type Desk, mail, openDesk } from './support.ts';

describe('the line of the page to the hub', () => {
  let desk: Desk;

  before(async function () {
    desk = await openDesk(this);
  });

  it('is tried again after the hub itself refused it, as it does while its database is away', async () => {
    const address = 'helmi@tervasaari.example';
    const contact = await addContact(desk, 'Helmi', 'Salo', address);
    await desk.capture(mail({ from: `Helmi Salo <${address}>`, subject: 'Before' }));
    const page = await desk.open();
    let refused = 0;
    // the hub's own words (server/live/agents.ts), told on the wire: Engine.IO 4, Socket.IO 5
    await page.routeWebSocket(/socket\.io/, socket => {
      if (refused > 0) return void socket.connectToServer();
      refused += 1;
      socket.send('0{"sid":"refused","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}');
      socket.onMessage(() => socket.send('44/agent,{"message":"unavailable"}'));
    });
    await openTimeline({ open: async () => page }, contact);
    await page.waitForTimeout(500);
    expect(refused).to.equal(1);
    await page.waitForTimeout(7000);
    await desk.capture(mail({ from: `Helmi Salo <${address}>`, subject: 'It is live again' }));
    await page.locator('.entry', { hasText: 'It is live again' }).waitFor();
    await page.context().close();
  });
});
