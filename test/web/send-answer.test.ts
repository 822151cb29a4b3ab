import { expect } from 'chai';
import { ACCOUNT, CUSTOMER, OURS, signed, sms, TOKEN } from '../../connectors/twilio/fixtures/requests.ts';
import { until } from '../faults/until.ts';
import { type PlayedTwilio, startTwilio } from '../support/twilio.ts';
import { opened } from './stream.ts';
import { type Desk, openDesk } from './support.ts';

describe('answering a message from the timeline', () => {
  let desk: Desk;
  let twilio: PlayedTwilio;
  let account: string;

  before(async function () {
    twilio = await startTwilio({ account: ACCOUNT, token: TOKEN });
    desk = await openDesk(this, { TALTEEN_OUTGOING_HOSTS: twilio.host });
    const config = { accountSid: ACCOUNT, authToken: TOKEN, apiUrl: twilio.url, reconcileSeconds: 1 };
    account = (await desk.api<{ id: string }>('POST', '/accounts', { connector: 'twilio', name: 'SMS', config })).id;
    const { url, headers, body } = signed('messages', sms(1), { hub: desk.address, account });
    const taken = await fetch(url ?? '', {
      method: 'POST',
      headers: headers as Record<string, string>,
      body: Buffer.from(body),
    });
    expect(taken.status).to.equal(200);
  });
  after(() => twilio.close());

  it('sends what an agent writes, shows it, and says in words why another was not sent', async () => {
    const contacts = () => desk.api<{ items: { id: string }[] }>('GET', `/contacts?q=${encodeURIComponent(CUSTOMER)}`);
    await until('the contact', async () => (await contacts()).items.length === 1);
    const page = await desk.open();
    await page.goto(`/contacts/${(await contacts()).items[0]?.id}`);
    await opened(page);
    const message = page.locator('.entry', { hasText: 'varaukseni ei näy' });
    const offer = page.getByRole('button', { name: 'Answer by SMS' });
    if (!(await offer.isVisible())) await message.locator('button').first().click();
    await offer.click();
    const field = page.getByRole('textbox', { name: 'Your answer' });
    // with no click in between: elsewhere, letters are the page's keys
    await page.keyboard.type('Pois');
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.keyboard.press('Enter');
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type('Korjasimme sen, kiitos!');
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByText('Sent. It is on the timeline').waitFor();
    expect(await field.evaluate(element => element === document.activeElement)).to.equal(true);
    await page.locator('.entry', { hasText: 'Korjasimme sen, kiitos!' }).waitFor();
    expect(twilio.lists.Messages.map(({ from, to, body }) => [from, to, body])).to.deep.equal([
      [OURS, CUSTOMER, 'Korjasimme sen, kiitos!'],
    ]);
    twilio.state.refuse = 21_610;
    await field.fill('Vielä yksi asia');
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByRole('alert').filter({ hasText: 'does not want messages (STOP)' }).waitFor();
    expect(await field.inputValue()).to.equal('Vielä yksi asia');
    expect(twilio.lists.Messages).to.have.length(1);
    // a row that leaves the page and comes back has what was written in it
    const head = page.locator('.entry', { hasText: 'varaukseni ei näy' }).locator('.entry-head');
    await head.click();
    await field.waitFor({ state: 'detached' });
    await head.click();
    await page.getByRole('alert').filter({ hasText: 'does not want messages (STOP)' }).waitFor();
    expect(await field.inputValue()).to.equal('Vielä yksi asia');
    await page.reload();
    await head.click();
    await field.waitFor();
    expect(await field.inputValue()).to.equal('Vielä yksi asia');
    await page.close();
  });

  it('does not take for unsent what may have gone out: another text is another message, and it says so', async () => {
    delete twilio.state.refuse;
    const { items } = await desk.api<{ items: { id: string }[] }>('GET', `/contacts?q=${encodeURIComponent(CUSTOMER)}`);
    const page = await desk.open();
    await page.goto(`/contacts/${items[0]?.id}`);
    await opened(page);
    const row = page.locator('.entry', { hasText: 'varaukseni ei näy' });
    await row.locator('.entry-head').click();
    await row.getByRole('button', { name: 'Answer by SMS' }).click();
    const field = row.getByRole('textbox', { name: 'Your answer' });
    await page.route('**/answers', async route => {
      await route.fetch(); // the hub takes it, and its answer is lost
      await route.abort();
    });
    await field.fill('Ovikoodi on 1234');
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await page.getByText('It may have been sent. Send it again as it is').waitFor();
    await page.unroute('**/answers');
    await page.reload();
    await row.locator('.entry-head').click();
    await field.fill('Anteeksi, ovikoodi on 9876');
    await page.getByText('This may have gone out already: “Ovikoodi on 1234”').waitFor();
    await page.getByRole('button', { name: 'Send as another message' }).click();
    await page.getByText('Sent. It is on the timeline').waitFor();
    const sent = () => twilio.lists.Messages.map(({ body }) => body).filter(body => String(body).includes('ovikoodi'));
    expect(twilio.lists.Messages.filter(({ body }) => body === 'Ovikoodi on 1234')).to.have.length(1);
    expect(sent()).to.deep.equal(['Anteeksi, ovikoodi on 9876']);
    await page.close();
  });
});
