import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { axeFaults } from './axe.ts';
import { type Channels, NUMBER, openChannels, ours, spoken, transcript } from './channels.ts';
import { opened, openTimeline } from './stream.ts';
import { type Contact, type Desk, fillTimeline } from './support.ts';

describe('a call on the timeline', () => {
  let channels: Channels;
  let desk: Desk;
  let contact: Contact;
  let page: Page;

  before(async function () {
    channels = await openChannels(this);
    ({ desk, contact } = channels);
  });
  afterEach(async () => {
    await page?.context().close();
  });

  const entry = (text: string | RegExp) => page.locator('.entry', { hasText: text });
  const show = async (options?: Parameters<Desk['open']>[0]) => {
    page = await openTimeline(desk, contact, options);
  };

  const call = () => entry('Answered, 0:11');
  const open = async (options?: Parameters<Desk['open']>[0]) => {
    await show(options);
    await call().locator('button.entry-head').click();
    await call().locator('.player').waitFor();
  };
  const now = () => call().getByRole('slider').getAttribute('aria-valuenow').then(Number);
  const untilPlaying = () => call().getByRole('button', { name: 'Pause' }).waitFor();

  it('says its result, its length and its legs, and whether the caller was told', async () => {
    await open();
    expect(await call().locator('.entry-head strong').textContent()).to.equal('Call · Answered, 0:11');
    expect(await call().locator('.call-facts').textContent()).to.equal('ResultAnsweredTalk time0:11Duration0:14');
    expect(await call().locator('.legs li').allTextContents()).to.deep.equal([
      `Leg 1${NUMBER} → ${ours.value}Missed`,
      `Leg 2${NUMBER} → +358931570001Answered, 0:11`,
    ]);
    await call().getByText('The caller was told about the recording').waitFor();
  });

  it('draws the sound: both sides, which differ, and nothing of our policy is broken', async () => {
    page = await desk.open();
    const said: string[] = [];
    page.on('console', message => said.push(message.text()));
    await page.goto(`/contacts/${contact.id}`);
    await opened(page);
    await call().locator('button.entry-head').click();
    await page.waitForFunction(() => {
      const canvas = document.querySelector<HTMLCanvasElement>('.wave canvas');
      const pen = canvas?.getContext('2d');
      if (!canvas || !pen) return false;
      const rows = [0.25, 0.75].map(height => {
        const { data } = pen.getImageData(0, Math.round(canvas.height * height), canvas.width, 1);
        return data.filter((value, at) => at % 4 === 3 && value > 0).length;
      });
      return rows.every(row => row > 10) && rows[0] !== rows[1];
    });
    expect(said.filter(text => /content security policy/i.test(text))).to.deep.equal([]);
  });

  it('plays, pauses, and is sought in by parts (HTTP Range)', async () => {
    page = await desk.open();
    const ranges: string[] = [];
    page.on('response', answer => {
      if (answer.status() === 206) ranges.push(answer.headers()['content-range'] ?? '');
    });
    await page.goto(`/contacts/${contact.id}`);
    await opened(page);
    await call().locator('button.entry-head').click();
    await call().getByRole('button', { name: 'Play' }).click();
    await untilPlaying();
    await page.waitForFunction(() => Number(document.querySelector('.wave')?.getAttribute('aria-valuenow')) >= 1);
    const box = await call().locator('.wave').boundingBox();
    if (!box) throw new Error('there is no waveform');
    await page.mouse.click(box.x + box.width * 0.75, box.y + box.height / 2);
    expect(await now()).to.be.closeTo(spoken.seconds * 0.75, 1);
    await call().getByRole('button', { name: 'Pause' }).click();
    await call().getByRole('button', { name: 'Play' }).waitFor();
    expect(ranges.some(range => range.endsWith(`/${spoken.wav.length}`))).to.equal(true);
  });

  it('plays by space also after its entry was opened by mouse', async () => {
    await open();
    await page.keyboard.press(' ');
    await untilPlaying();
    await page.keyboard.press(' ');
    await call().getByRole('button', { name: 'Play' }).waitFor();
  });

  it('has no fault that axe finds, in either theme', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await open({ colorScheme });
      expect(await axeFaults(page, { within: '.stream' })).to.deep.equal([]);
      await page.context().close();
    }
  });

  it('shows a transcript without times as plain text', async () => {
    const { interactions } = desk.hub.core.models;
    const row = await interactions.collection.findOne({ channel: 'call', 'parts.0': { $exists: true } });
    const set = (said: unknown) =>
      interactions.collection.updateOne(
        { _id: row?._id as never },
        { $set: { 'details.recordings.0.transcript': said } },
      );
    await set('Varaamo, hei! Ovikoodi toimii.');
    await open();
    await call().locator('.transcript.bare', { hasText: 'Varaamo, hei! Ovikoodi toimii.' }).waitFor();
    expect(await call().locator('.word').count()).to.equal(0);
    await set(transcript);
  });

  it('takes space, [ and ], arrows, and a speed that is remembered', async () => {
    await open();
    await call().focus();
    await page.keyboard.press('Space');
    await untilPlaying();
    await page.keyboard.press('Space');
    await call().getByRole('button', { name: 'Play' }).waitFor();
    const before = await now();
    await page.keyboard.press(']');
    await page.waitForFunction(
      least => Number(document.querySelector('.wave')?.getAttribute('aria-valuenow')) >= least,
      before + 4,
    );
    await page.keyboard.press('[');
    expect(await now()).to.be.closeTo(before, 1);
    await call().getByRole('slider').focus();
    await page.keyboard.press('ArrowRight');
    expect(await now()).to.be.closeTo(before + 5, 1);
    await page.keyboard.press('Space');
    await untilPlaying();
    await page.keyboard.press('Space');
    await call().getByRole('button', { name: 'Play' }).waitFor();
    await page.getByLabel('Speed').selectOption('1.5');
    await page.reload();
    await opened(page);
    await call().locator('button.entry-head').click();
    expect(await page.getByLabel('Speed').inputValue()).to.equal('1.5');
  });

  it('plays from the word that is clicked', async () => {
    await open();
    await call().getByRole('button', { name: 'pukuhuone', exact: true }).click();
    await untilPlaying();
    const at = spoken.turns[1]?.words.find(({ text }) => text === 'pukuhuone')?.start ?? 0;
    expect(await now()).to.be.within(Math.floor(at), Math.ceil(at) + 2);
    await call().locator('.word[aria-current]').first().waitFor();
  });

  it('plays on while its row is scrolled away, and stops when the timeline is left', async () => {
    await fillTimeline(desk, contact.id, 60);
    page = await desk.open();
    await page.addInitScript(() => {
      const { play } = HTMLMediaElement.prototype;
      HTMLMediaElement.prototype.play = function () {
        (window as unknown as { heard: HTMLMediaElement }).heard = this;
        return play.call(this);
      };
    });
    const paused = () => page.evaluate(() => (window as unknown as { heard: HTMLMediaElement }).heard.paused);
    await page.goto(`/contacts/${contact.id}`);
    await opened(page);
    await call().locator('button.entry-head').click();
    await call().getByRole('button', { name: 'Play' }).click();
    await untilPlaying();
    await page.evaluate(() => document.querySelector('.stream')?.scrollTo(0, 0));
    await call().waitFor({ state: 'detached' });
    expect(await paused()).to.equal(false);
    await page.keyboard.press('End');
    await untilPlaying();
    await page.getByRole('link', { name: 'Connections' }).click();
    await page.locator('.stream').waitFor({ state: 'detached' });
    expect(await paused()).to.equal(true);
    await channels.unfill();
  });
});
