import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { identity, until } from '../connectors/chat/support.ts';
import { axeFaults } from './axe.ts';
import { openSite, type Site, textsOf } from './site.ts';

describe('the chat widget on another site', function () {
  this.timeout(120_000);
  let site: Site;
  before(async function () {
    site = await openSite(this);
  });
  after(() => site?.close());
  beforeEach(() => site.fresh());

  it('is at most 25 KB for the page that includes it', async () => {
    expect(gzipSync(await readFile(join(site.webRoot, 'widget.js'))).length).to.be.at.most(25 * 1024);
  });

  it('says what is kept before the first message, and talks with an agent', async () => {
    const agent = await site.one.agent();
    const page = await site.visit();
    await page.getByText('What you write here is kept for one year', { exact: false }).waitFor();
    await page.getByText('Somebody is here').waitFor();
    await site.write(page, 'Hei!');
    await until('the agent', () => agent.got.length === 1);
    const { id } = await site.only();
    agent.socket.emit('typing', { conversation: id });
    await page.getByText('is writing…', { exact: false }).waitFor();
    await agent.say(id, 'Kuinka voin auttaa?');
    await agent.say(id, 'hidden', { kind: 'note' });
    await site.sees(page, ['Hei!', 'Kuinka voin auttaa?']);
    expect(await axeFaults(page, { within: 'talteen-chat' })).to.deep.equal([]);
  });

  it('shows the end of the talk as it goes on, and leaves who reads further up where they are', async () => {
    const agent = await site.one.agent();
    const page = await site.visit();
    const log = page.getByRole('log');
    const toEnd = () => log.evaluate(box => Math.round(box.scrollHeight - box.clientHeight - box.scrollTop));
    const long = 'Tiistain vuoro on vapaa, ja ovikoodi tulee aamulla. '.repeat(20);
    await site.write(page, long);
    await until('the agent', () => agent.got.length === 1);
    const { id } = await site.only();
    const types = () => agent.socket.emit('typing', { conversation: id });
    types();
    await page.getByText('is writing…', { exact: false }).waitFor();
    await agent.say(id, long);
    await page.locator('.said').nth(1).waitFor();
    expect(await toEnd()).to.be.at.most(1);
    await log.evaluate(box => box.scrollTo(0, 0));
    await until('the reader up there', () => log.evaluate(box => box.scrollTop === 0));
    types();
    await page.getByText('is writing…', { exact: false }).waitFor();
    await agent.say(id, 'One more');
    await page.locator('.said').nth(2).waitFor();
    expect(await log.evaluate(box => box.scrollTop)).to.equal(0);
    await site.write(page, 'Kiitos!');
    expect(await toEnd()).to.be.at.most(1);
  });

  it('keeps what is being written when it is closed, and when the page is loaded again', async () => {
    const page = await site.visit();
    const field = page.getByRole('textbox', { name: 'Write a message' });
    await field.fill('Half a question');
    await page.keyboard.press('Escape');
    await site.open(page);
    expect(await field.inputValue()).to.equal('Half a question');
    await page.reload();
    await site.open(page);
    expect(await field.inputValue()).to.equal('Half a question');
    await page.keyboard.press('Enter');
    await site.settled(page);
    await page.reload();
    await site.open(page);
    await site.sees(page, ['Half a question']);
    expect(await field.inputValue()).to.equal('');
  });

  it('speaks the language of the browser on a page that has none', async () => {
    await site.fresh({}, { locale: 'fi-FI' });
    site.now.html = '';
    const page = await site.load();
    await page.getByRole('button', { name: 'Keskustele kanssamme' }).waitFor();
  });

  it('can be begun on a phone that lies on its side', async () => {
    await site.fresh({ askName: true, askEmail: true }, { viewport: { width: 667, height: 320 } });
    const page = await site.visit();
    const start = page.getByRole('button', { name: 'Start' });
    await start.waitFor();
    await page.getByRole('heading', { name: 'Before we begin' }).hover();
    await page.mouse.wheel(0, 1000);
    const inside = async () => {
      const [button, panel] = await Promise.all([start.boundingBox(), page.getByRole('dialog').boundingBox()]);
      return button && panel ? button.y + button.height <= panel.y + panel.height : false;
    };
    await until('the button to come into view', inside);
  });

  it('asks for name and address when the account says so', async () => {
    await site.fresh({ askName: true, askEmail: true });
    const page = await site.visit();
    const name = page.getByLabel('Your name');
    const fault = () => name.evaluate((field: HTMLInputElement) => field.validationMessage);
    await name.fill('  ');
    await page.getByLabel('Your e-mail address').fill('paivi@kuusilahti.example');
    const start = page.getByRole('button', { name: 'Start' });
    await start.click();
    await until('a name to be asked for', async () => (await fault()) === 'Please write your name.');
    await name.fill(' Päivi ');
    expect(await fault()).to.equal('');
    await start.click();
    await site.write(page, 'Hei!');
    await site.settled(page);
    const conversation = (await site.only()) as unknown as { visitor: object };
    expect(conversation.visitor).to.include({ name: 'Päivi', email: 'paivi@kuusilahti.example', verified: false });
  });

  it('sends a file, and gets one', async () => {
    const agent = await site.one.agent();
    const page = await site.visit();
    await page
      .getByLabel('Send a file')
      .setInputFiles({ name: 'kuva.png', mimeType: 'image/png', buffer: Buffer.from('png') });
    await until('the file', () => agent.got.length === 1);
    expect(agent.got[0]?.parts[0]).to.include({ name: 'kuva.png', size: 3 });
    await page
      .getByLabel('Send a file')
      .setInputFiles({ name: 'x.html', mimeType: 'text/html', buffer: Buffer.from('<script>') });
    await page.getByText('are not taken', { exact: false }).waitFor();
  });

  it('loses and doubles nothing when its tab is killed and opened again', async () => {
    const agent = await site.one.agent();
    const page = await site.visit();
    await site.write(page, 'first');
    await site.settled(page);
    site.way.cut();
    await site.write(page, 'written while away');
    await page.close();
    const { id } = await site.only();
    await agent.say(id, 'answered while away');
    site.way.mend();
    const again = await site.load(); // it was here before: the line opens by itself
    await until('the outbox', async () => (await site.only()).messages.length === 3);
    await site.open(again);
    await site.sees(again, ['first', 'answered while away', 'written while away']);
    await site.write(again, 'last');
    await site.settled(again);
    expect(textsOf(await site.only())).to.deep.equal(['first', 'answered while away', 'written while away', 'last']);
  });

  it('counts as new only what its visitor has not seen, also when the page is loaded again', async () => {
    const agent = await site.one.agent();
    const page = await site.visit();
    await site.write(page, 'Hei!');
    await until('the agent', () => agent.got.length === 1);
    const { id } = await site.only();
    await agent.say(id, 'seen');
    await site.sees(page, ['Hei!', 'seen']);
    await page.close();
    await agent.say(id, 'one more');
    const again = await site.load();
    await again.getByRole('status', { name: '1 new message' }).waitFor({ state: 'attached' });
    await site.open(again);
    await site.sees(again, ['Hei!', 'seen', 'one more']);
    await again.close();
    const third = await site.load();
    await agent.say(id, 'the newest');
    // what was seen before comes first: had it counted, there would be more than one
    await third.getByRole('status', { name: '1 new message' }).waitFor({ state: 'attached' });
    await site.open(third);
    await site.sees(third, ['Hei!', 'seen', 'one more', 'the newest']);
  });

  it('loses and doubles nothing while its network is away', async () => {
    const agent = await site.one.agent();
    const page = await site.visit();
    await site.write(page, 'before');
    await site.settled(page);
    const { id } = await site.only();
    site.way.cut();
    await page.getByText('No connection', { exact: false }).waitFor();
    for (const text of ['1', '2', '3']) await site.write(page, text);
    await agent.say(id, 'a');
    await agent.say(id, 'b');
    site.way.mend();
    await site.sees(page, ['before', 'a', 'b', '1', '2', '3']);
    await site.settled(page);
    expect(textsOf(await site.only())).to.deep.equal(['before', 'a', 'b', '1', '2', '3']);
  });

  it('keeps what was sent when the acknowledgement was lost, once', async () => {
    const page = await site.visit();
    await site.write(page, 'zero');
    await site.settled(page);
    for (let n = 1; n <= 5; n++) {
      await site.write(page, `m${n}`);
      site.way.cut(); // somewhere between the sending and its acknowledgement
      site.way.mend();
    }
    await site.settled(page);
    expect(textsOf(await site.only())).to.deep.equal(['zero', 'm1', 'm2', 'm3', 'm4', 'm5']);
  });

  it('goes on with another hub', async () => {
    const agent = await site.two.agent();
    const page = await site.visit();
    await site.write(page, 'to one');
    await site.settled(page);
    await until('the other hub', () => agent.got.length === 1);
    site.way.lead(site.two.hub.address);
    await site.write(page, 'to two');
    await site.settled(page);
    const { id } = await site.only();
    await agent.say(id, 'from two');
    site.way.lead(site.one.hub.address);
    await agent.say(id, 'from two, to one');
    await site.sees(page, ['to one', 'to two', 'from two', 'from two, to one']);
    expect(textsOf(await site.only())).to.have.length(4);
  });

  it('says that it is closed while its account is paused, and sends what waits, once, when it runs again', async () => {
    const agent = await site.one.agent();
    const page = await site.visit();
    const become = (state: string) => site.one.call('PATCH', `accounts/${site.now.account}`, { state });
    const closed = page.getByText('This chat is closed for now.');
    await site.write(page, 'before');
    await site.settled(page);
    const { id } = await site.only();
    site.way.cut();
    await site.write(page, 'written while away');
    await become('paused');
    await agent.say(id, 'answered while closed');
    site.way.mend();
    await closed.waitFor();
    await page.getByText('Not sent yet').waitFor();
    expect(textsOf(await site.only())).to.deep.equal(['before', 'answered while closed']);
    await become('running');
    await page.getByRole('textbox', { name: 'Write a message' }).fill('Half a question');
    await site.sees(page, ['before', 'answered while closed', 'written while away']);
    await site.settled(page);
    expect(textsOf(await site.only())).to.deep.equal(['before', 'answered while closed', 'written while away']);
    await become('paused'); // while it is open
    await closed.waitFor();
    expect(await page.getByRole('textbox').count()).to.equal(0);
    expect(await page.evaluate(() => Object.values(sessionStorage))).to.deep.equal(['Half a question']);
  });

  it('is refused to a page that may not open it', async () => {
    const other = await site.one.account({ origins: ['https://shop.example'] });
    site.now.account = other;
    const elsewhere = await site.load();
    await site.open(elsewhere);
    await elsewhere.getByText('can not be opened', { exact: false }).waitFor();
  });

  it('says of a file that it was not sent, in its own words, while its network is away', async () => {
    const page = await site.visit();
    const clip = page.getByLabel('Send a file');
    await clip.waitFor({ state: 'attached' });
    await page.route('**/visitor/files', route => route.abort());
    const picture = { name: 'kuva.png', mimeType: 'image/png', buffer: Buffer.from('png') };
    await clip.setInputFiles(picture);
    await page.getByText('The file could not be sent.', { exact: true }).waitFor();
    await page.unroute('**/visitor/files');
    await page.route('**/visitor/files', route => route.fulfill({ status: 413, body: '<html>Too large</html>' }));
    const failed = page.waitForResponse('**/visitor/files');
    await clip.setInputFiles(picture);
    await failed;
    await page.getByText('The file could not be sent.', { exact: true }).waitFor();
  });

  it('keeps the chats of people who share a browser apart', async () => {
    site.now.attributes = `data-identity='${JSON.stringify(identity('paivi'))}'`;
    const page = await site.visit();
    await site.write(page, 'I am Päivi');
    await site.settled(page);
    site.now.attributes = '';
    const other = await site.visit();
    await site.write(other, 'I am not');
    await site.settled(other);
    expect(await site.shown(other)).to.deep.equal(['I am not']);
    expect(await site.conversations()).to.have.length(2);
  });
});
