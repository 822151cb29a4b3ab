import { expect } from 'chai';
import type { Locator, Page } from 'playwright-core';
import { opened } from './stream.ts';
import { addContact, type Contact, type Desk, mail, openDesk } from './support.ts';

describe('the HTML of a mail, as it was written', () => {
  let desk: Desk;
  let contact: Contact;
  let page: Page | undefined;

  const letters = {
    Invoice: `<table width="300" border="0" cellpadding="0" cellspacing="0"><tr><td colspan="2" bgcolor="#ffcc00" align="right" height="40">Total</td></tr>
<tr><td width="200">Hall</td><td>40</td></tr></table><p dir="rtl" hidden="hidden">Preheader</p><p dir="rtl">שלום</p><font color="#aa0000">Due</font>
<img src="https://tracker.example/line.gif" width="200" height="20" alt="line"><img src="https://tracker.example/hall.jpg" width="4000" height="2000" alt="hall"><img src="https://tracker.example/open.gif" width="1" height="1">`,
    'By night':
      '<html><body bgcolor="#000000" text="#ffffff" dir="rtl" style="color: #fffff0; position: absolute" background="https://tracker.example/b.gif"><b>Moon</b></body></html>',
    'From a telephone':
      '<div>Sopii.</div><div><br><blockquote type="cite"><div>On 3 Nov 2025, at 10.01, Tuki wrote:</div><div>Vapaa?</div></blockquote></div>',
    'Sent on':
      '<div><br></div><div class="gmail_quote">---------- Forwarded message ---------<br>From: Tuki<br><br>Open at nine</div><img src="https://tracker.example/open.gif" width="1" height="1">',
    'Above its quote':
      '<div>Hi,</div><div>We take the hall.<br><br>On Mon, 3 Nov 2025 at 10:01, Tuki wrote:</div><blockquote type="cite">Vapaa?</blockquote>',
    'A journey':
      '<p>Hi,</p><div style="border-top: solid #E1E1E1 1.0pt"><p>From: Helsinki<br>To: Turku<br>Date: 5.6.2026</p></div><p>What does it cost?</p>',
    'In frames':
      '<html><head><title>Page</title></head><frameset rows="1,*"><frame src="https://tracker.example/frame.html"></frameset></html><p>By the list</p>',
  };

  before(async function () {
    desk = await openDesk(this);
    contact = await addContact(desk, 'Helmi', 'Virtanen', 'helmi@kuusilahti.example');
    const from = 'Helmi Virtanen <helmi@kuusilahti.example>';
    const all = Object.entries(letters).map(([subject, html], i) =>
      mail({ from, subject, html, date: new Date(Date.now() - i * 60_000) }),
    );
    await desk.capture(...all);
  });
  afterEach(async () => {
    await page?.context().close();
  });

  /** Opens one, and waits for its body to be shown. */
  const read = async (subject: keyof typeof letters): Promise<Locator> => {
    page = await desk.open();
    await page.goto(`/contacts/${contact.id}`);
    await opened(page);
    const row = page.locator('.entry', { hasText: subject });
    await row.scrollIntoViewIfNeeded();
    await row.getByRole('button', { name: subject }).click();
    const body = row.frameLocator('iframe').locator('body');
    await body.waitFor();
    return body;
  };

  it('has its widths, colours, spans and directions', async () => {
    const body = await read('Invoice');
    const total = body.getByText('Total');
    await total.waitFor();
    const cell = await total.evaluate(element => {
      const { backgroundColor, textAlign } = getComputedStyle(element);
      const { width, height } = element.getBoundingClientRect();
      return { backgroundColor, textAlign, width, height };
    });
    expect(cell).to.deep.equal({
      backgroundColor: 'rgb(255, 204, 0)',
      textAlign: '-webkit-right',
      width: 300,
      height: 40,
    });
    expect(await body.getByText('שלום').evaluate(text => getComputedStyle(text).direction)).to.equal('rtl');
    expect(await body.getByText('Due').evaluate(text => getComputedStyle(text).color)).to.equal('rgb(170, 0, 0)');
    expect(await body.getByText('Preheader').isVisible()).to.equal(false);
    const line = body.getByAltText('line');
    const sizeOf = (image: Element) => [image.getBoundingClientRect().width, image.getBoundingClientRect().height];
    expect(await line.evaluate(sizeOf)).to.deep.equal([200, 20]);
    const [width = 0, height] = await body.getByAltText('hall').evaluate(sizeOf);
    expect(width).to.be.within(100, 1000);
    expect(height).to.equal(width / 2);
  });

  it('has the colours and the direction of its body, and nothing else of it', async () => {
    const body = await read('By night');
    await body.getByText('Moon').waitFor();
    const seen = await body.evaluate(element => {
      const { backgroundColor, color, direction, position } = getComputedStyle(element);
      return [backgroundColor, color, direction, position, element.getAttribute('background')];
    });
    expect(seen).to.deep.equal(['rgb(0, 0, 0)', 'rgb(255, 255, 240)', 'rtl', 'static', null]);
    expect(await page?.locator('iframe[data-paper]').count()).to.equal(1);
  });

  it('has the quote of a telephone folded', async () => {
    const body = await read('From a telephone');
    await body.getByText('Sopii.').waitFor();
    expect(await body.getByText('Vapaa?').isVisible()).to.equal(false);
  });

  it('is shown, not folded, when all that stands beside a quote is an image that counts its readers', async () => {
    const body = await read('Sent on');
    await body.getByText('Open at nine').waitFor();
  });

  it('has words that stand in one element with the line above a quote', async () => {
    const body = await read('Above its quote');
    await body.getByText('We take the hall.').waitFor();
    expect(await body.getByText('Vapaa?').isVisible()).to.equal(false);
  });

  it('has what somebody orders, also under a line', async () => {
    const body = await read('A journey');
    await body.getByText('What does it cost?').waitFor();
  });

  it('has what stands beside a frameset, and no frames', async () => {
    const body = await read('In frames');
    await body.getByText('By the list').waitFor();
    expect(await body.locator('iframe, frame, frameset').count()).to.equal(0);
  });
});
