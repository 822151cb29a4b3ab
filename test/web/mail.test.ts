import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { hostile } from './hostile.ts';
import { opened, topOf } from './stream.ts';
import { addContact, type Contact, type Desk, mail, openDesk } from './support.ts';

const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const image = (cid: string) =>
  `Content-Type: image/png; name=logo.png\nContent-ID: <${cid}>\nContent-Disposition: inline; filename=logo.png\nContent-Transfer-Encoding: base64\n\n${png}`;
const file =
  'Content-Type: text/csv; name=vuorot.csv\nContent-Disposition: attachment; filename=vuorot.csv\n\npäivä;aika\n';

describe('a mail on the timeline', () => {
  let desk: Desk;
  let contact: Contact;
  let page: Page;
  const from = 'Helmi Virtanen <helmi@kuusilahti.example>';

  before(async function () {
    desk = await openDesk(this);
    contact = await addContact(desk, 'Helmi', 'Virtanen', 'helmi@kuusilahti.example');
    const minutes = (count: number) => new Date(Date.now() - count * 60_000);
    const quoted =
      'Kiitos, sopii!\n\nma 3.11.2025 klo 10.01 Tuki (tuki@varaamo.example) kirjoitti:\n> Onko hallivuoro vielä vapaa?\n> Terveisin tuki';
    const letter = (subject: string, age: number, more: object) => mail({ from, subject, date: minutes(age), ...more });
    await desk.capture(
      letter('Sheet in its head', 100, {
        html: `<html><head><style>body{display:none!important;opacity:0} .red{color:rgb(200, 0, 0)} .hide{display:none}</style></head>
<body><p class="hide">Preheader</p><p class="red">Receipt</p><p style="width:${'1'.repeat(20_000)}px">Total</p></body></html>`,
      }),
      letter('Plain and quoted', 90, { text: quoted }),
      letter('Long letter', 80, { html: '<p>Rivi tekstiä, joka kertoo jotain.</p>'.repeat(60) }),
      letter('Hostile', 70, { html: hostile, parts: [image('logo'), file] }),
      letter('Quoted in HTML', 60, {
        html: '<p>Selvä.</p><div class="gmail_quote">On Mon Tuki wrote:<blockquote>Vanha viesti</blockquote></div>',
      }),
      letter('From Outlook', 120, {
        html: '<div class="WordSection1"><p class="MsoNormal">Sopii.</p><div><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0 0 0"><p class="MsoNormal"><b>Lähettäjä:</b> Tuki &lt;tuki@varaamo.example&gt;<br><b>Lähetetty:</b> maanantai 3.<br><b>Aihe:</b> Avain</p></div></div><p class="MsoNormal">Vanha kysymys</p></div>',
      }),
      letter('Answered between', 110, {
        html: '<p>Alla.</p><div class="gmail_quote"><div class="gmail_attr">On Mon Tuki wrote:</div><blockquote class="gmail_quote">Vapaa?</blockquote><div>On se.</div><blockquote class="gmail_quote">Entä avain?</blockquote><div>Ovella.</div></div><p>PS</p><blockquote style="margin:0 0 0 40px;border:none">Kiitos!</blockquote>',
      }),
      letter('Out of office', 50, { text: 'Olen lomalla.', headers: ['Auto-Submitted: auto-replied'] }),
      letter('Newsletter', 40, {
        html: '<table bgcolor="#ffffff"><tr><td style="color:#333">Sale</td></tr></table>',
      }),
      letter('As high as the window', 30, {
        html: `<style>html, body { height: 100% !important; padding: 0 !important }</style>
<div style="min-height:100vh;background:#fff"><p>Half price</p><img src="cid:50%off@x" alt="badly encoded"></div>`,
      }),
    );
  });
  afterEach(async () => {
    await page?.context().close();
  });

  const row = (subject: string) => page.locator('.entry', { hasText: subject });
  const frameOf = (subject: string) => row(subject).frameLocator('iframe');
  const openMail = async (subject: string, options?: Parameters<Desk['open']>[0]) => {
    page ??= await desk.open(options);
    if (page.isClosed()) page = await desk.open(options);
    await page.goto(`/contacts/${contact.id}`);
    await opened(page);
    await row(subject).scrollIntoViewIfNeeded();
    await row(subject).getByRole('button', { name: subject }).click();
    await row(subject).locator('.message').waitFor();
  };

  describe('in HTML', () => {
    const listen = async () => {
      page = await desk.open();
      const outside: string[] = [];
      await page.context().route(/tracker\.example/, route => {
        outside.push(route.request().url());
        return route.fulfill({ contentType: 'image/png', body: Buffer.from(png, 'base64') });
      });
      return outside;
    };

    it('runs no script, loads nothing from elsewhere and shows no form', async () => {
      const outside = await listen();
      const ours: string[] = [];
      page.on('response', response => {
        if (response.frame() !== page.mainFrame() && /\/api\//.test(response.url())) ours.push(response.url());
      });
      await openMail('Hostile');
      await frameOf('Hostile').getByText('Good day').waitFor();
      await page.waitForTimeout(500);
      expect(outside).to.deep.equal([]);
      expect(ours, 'read by its style sheet').to.deep.equal([]);
      expect(await page.evaluate(() => (window as { hacked?: number }).hacked)).to.equal(undefined);
      const body = frameOf('Hostile').locator('body');
      for (const tag of ['script', 'iframe', 'object', 'video', 'form', 'input', 'link', 'meta', 'base'])
        expect(await body.locator(tag).count(), tag).to.equal(0);
      expect(await body.innerHTML()).not.to.match(/javascript:|onerror|onload/i);
    });

    it('is read without a word of the page’s own policy', async () => {
      page = await desk.open();
      const said: string[] = [];
      page.on('console', message => said.push(message.text()));
      await openMail('Newsletter');
      const cell = frameOf('Newsletter').getByText('Sale');
      await cell.waitFor();
      expect(await cell.evaluate(text => getComputedStyle(text).color)).to.equal('rgb(51, 51, 51)');
      expect(said).to.deep.equal([]);
    });

    it('is in a sandboxed frame without scripts, with a policy of its own', async () => {
      page = await desk.open();
      await openMail('Hostile');
      const frame = row('Hostile').locator('iframe');
      const sandbox = (await frame.getAttribute('sandbox')) ?? '';
      expect(sandbox).not.to.contain('allow-scripts');
      expect(sandbox).not.to.contain('allow-forms');
      expect(sandbox).not.to.contain('allow-top-navigation');
      const answer = await page.request.get((await frame.getAttribute('src')) ?? '');
      const policy = answer.headers()['content-security-policy'] ?? '';
      expect(policy).to.match(/default-src 'none'/);
      expect(policy).to.match(/img-src data:(;|$)/);
      expect(policy).not.to.match(/script-src/);
    });

    it('shows images that came with it, and those from the internet only when asked', async () => {
      const outside = await listen();
      await openMail('Hostile');
      const logo = frameOf('Hostile').getByAltText('logo');
      await logo.waitFor();
      expect(await logo.evaluate(image => (image as HTMLImageElement).naturalWidth)).to.equal(1);
      expect(outside).to.deep.equal([]);
      await row('Hostile').getByRole('button', { name: 'Show images' }).click();
      await page.waitForFunction(() => {
        const frame = document.querySelector<HTMLIFrameElement>('.mail-frame');
        return frame?.contentDocument?.querySelector<HTMLImageElement>('[alt=tracked]')?.naturalWidth === 1;
      });
      expect(outside).to.include('https://tracker.example/open.gif');
      expect(outside.filter(url => !/open\.gif|style\.png|rule\.png/.test(url))).to.deep.equal([]);
    });

    it('opens links in a window that knows nothing of us', async () => {
      page = await desk.open();
      await openMail('Hostile');
      const link = frameOf('Hostile').getByText('a page');
      expect(await link.getAttribute('target')).to.equal('_blank');
      expect(await link.getAttribute('rel'))
        .to.contain('noopener')
        .and.contain('noreferrer');
      expect(await frameOf('Hostile').getByText('click').getAttribute('href')).to.equal(null);
    });

    it('takes the colours of the page, or lies on white paper when it brings its own', async () => {
      page = await desk.open({ colorScheme: 'dark' });
      await openMail('Newsletter');
      await frameOf('Newsletter').getByText('Sale').waitFor();
      const paper = await frameOf('Newsletter')
        .locator('html')
        .evaluate(root => getComputedStyle(root).backgroundColor);
      expect(paper).to.equal('rgb(255, 255, 255)');
      await row('Long letter').getByRole('button', { name: 'Long letter' }).click();
      await frameOf('Long letter').locator('p').first().waitFor();
      const text = await frameOf('Long letter')
        .locator('p')
        .first()
        .evaluate(line => getComputedStyle(line).color);
      const own = await page.evaluate(() => getComputedStyle(document.body).color);
      expect(text).to.equal(own);
      const isOurs = (line: Element) =>
        getComputedStyle(line).fontFamily.includes('Inter') &&
        [...line.ownerDocument.fonts].some(font => font.status === 'loaded');
      expect(await frameOf('Long letter').locator('p').first().evaluate(isOurs), 'our font').to.equal(true);
    });
  });

  it('is shown when its images are named badly, and does not grow with its frame', async () => {
    page = await desk.open();
    await openMail('As high as the window');
    await frameOf('As high as the window').getByText('Half price').waitFor();
    await page.waitForTimeout(1000);
    const height = await row('As high as the window')
      .locator('iframe')
      .evaluate(frame => frame.clientHeight);
    expect(height).to.be.within(600, 650);
  });

  it('has the sheets of its head, which can not hide all of it', async () => {
    page = await desk.open();
    await openMail('Sheet in its head');
    const receipt = frameOf('Sheet in its head').getByText('Receipt');
    await receipt.waitFor();
    expect(await receipt.evaluate(line => getComputedStyle(line).color)).to.equal('rgb(200, 0, 0)');
    expect(await receipt.evaluate(line => getComputedStyle(line.ownerDocument.body).opacity)).to.equal('1');
    expect(await frameOf('Sheet in its head').getByText('Preheader').isVisible()).to.equal(false);
  });

  it('is folded at about 400 px, with a button for all of it, and its head stays where it was', async () => {
    page = await desk.open();
    await page.goto(`/contacts/${contact.id}`);
    await opened(page);
    const letter = row('Long letter');
    await letter.scrollIntoViewIfNeeded();
    const id = (await letter.getAttribute('data-id')) ?? '';
    const before = await topOf(page, id);
    await letter.getByRole('button', { name: 'Long letter' }).click();
    const all = letter.getByRole('button', { name: 'Show all of it' });
    await all.waitFor();
    await page.waitForTimeout(1500);
    expect(await topOf(page, id)).to.be.at.most(before + 1);
    expect(await topOf(page, id)).to.be.at.least(36);
    expect(await letter.locator('.fold').evaluate(fold => fold.clientHeight)).to.be.within(380, 420);
    const head = await topOf(page, id);
    await all.click();
    await page.waitForTimeout(400);
    expect(await letter.locator('.fold').evaluate(fold => fold.clientHeight)).to.be.greaterThan(800);
    expect(await topOf(page, id)).to.be.closeTo(head, 1);
  });

  it('keeps its height when its row goes and comes back', async () => {
    page = await desk.open({ viewport: { width: 1440, height: 420 } });
    await openMail('Long letter');
    await row('Long letter').getByRole('button', { name: 'Show all of it' }).click();
    await page.waitForTimeout(500);
    const height = () => page.evaluate(() => document.querySelector('.feed')?.clientHeight ?? 0);
    const before = await height();
    const move = (to: 'start' | 'end') =>
      page.evaluate(end => document.querySelector('.stream')?.scrollTo(0, end ? 1e6 : 0), to === 'end');
    await move('end');
    await page.waitForTimeout(300);
    await move('start');
    await page.waitForTimeout(500);
    expect(await height()).to.equal(before);
  });

  it('has its quotes folded, as text and as HTML', async () => {
    page = await desk.open();
    await openMail('Plain and quoted');
    const plain = row('Plain and quoted').locator('.plain-text');
    expect(await plain.textContent()).to.equal('Kiitos, sopii!');
    await row('Plain and quoted').getByRole('button', { name: 'Show quoted text' }).click();
    expect(await plain.textContent()).to.contain('> Onko hallivuoro vielä vapaa?');
    await row('Quoted in HTML').getByRole('button', { name: 'Quoted in HTML' }).click();
    const old = frameOf('Quoted in HTML').getByText('Vanha viesti');
    await frameOf('Quoted in HTML').getByText('Selvä.').waitFor();
    expect(await old.isVisible()).to.equal(false);
    await row('Quoted in HTML').getByRole('button', { name: 'Show quoted text' }).click();
    await old.waitFor({ state: 'visible' });
    await row('From Outlook').getByRole('button', { name: 'From Outlook' }).click();
    await frameOf('From Outlook').getByText('Sopii.').waitFor();
    for (const folded of ['Lähetetty:', 'Vanha kysymys'])
      expect(await frameOf('From Outlook').getByText(folded).isVisible(), folded).to.equal(false);
    await row('Answered between').getByRole('button', { name: 'Answered between' }).click();
    await frameOf('Answered between').getByText('Ovella.').waitFor();
    expect(await frameOf('Answered between').locator('body').innerText()).to.match(/Vapaa\?\nOn se\.[\s\S]*Kiitos!/);
  });

  it('shows its original and its headers at one key', async () => {
    page = await desk.open();
    await page.goto(`/contacts/${contact.id}`);
    await opened(page);
    await row('Plain and quoted').focus();
    await page.keyboard.press('o');
    await row('Plain and quoted').locator('.panel', { hasText: 'Subject: Plain and quoted' }).waitFor();
    await page.keyboard.press('h');
    await row('Plain and quoted').locator('.panel', { hasText: 'Message-ID:' }).waitFor();
    expect(await row('Plain and quoted').locator('.panel').textContent()).not.to.contain('Kiitos');
    await page.keyboard.press('h');
    await row('Plain and quoted').locator('.panel').waitFor({ state: 'detached' });
  });

  it('has its files with sizes, and gives them and the original byte for byte', async () => {
    page = await desk.open();
    await openMail('Hostile');
    await frameOf('Hostile').getByText('Good day').waitFor();
    const link = row('Hostile').locator('a.file');
    expect(await link.count()).to.equal(1);
    expect(await link.textContent()).to.match(/vuorot\.csv.*14 B/);
    // by key: what is below the frame may still move between a mouse button's down and up
    const [download] = await Promise.all([page.waitForEvent('download'), link.press('Enter')]);
    expect(download.suggestedFilename()).to.equal('vuorot.csv');
    const [original] = await Promise.all([
      page.waitForEvent('download'),
      row('Hostile').getByText('Download the original').press('Enter'),
    ]);
    expect(await original.failure()).to.equal(null);
  });

  it('says what it is: automated, who took part, where it is held', async () => {
    page = await desk.open();
    await openMail('Out of office');
    await row('Out of office').getByText('Automatic reply').waitFor();
    await row('Out of office').getByRole('button', { name: 'Details' }).click();
    const details = row('Out of office').locator('.panel');
    await details.getByText('tuki@varaamo.example').waitFor();
    expect(await details.textContent()).to.match(/[0-9a-f]{64}/);
  });
});
