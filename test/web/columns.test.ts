import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { type Desk, openDesk } from './support.ts';

const SAMPLE = [
  'Tunnus;Alku;Soittaja;Numero;Kesto',
  'A1;20.11.2026 10.00;0401234567;0931570000;65',
  'A2;20.11.2026 10.05;0407654321;0931570000;12',
].join('\r\n');

interface Account {
  id: string;
  name: string;
  config: { dialect: string; columns?: Record<string, string> };
}

describe('columns of a call log', () => {
  let desk: Desk;
  let page: Page;
  before(async function () {
    desk = await openDesk(this);
  });
  after(() => page?.context().close());

  it('are said with a sample file in sight, and are what a log is read by', async () => {
    page = await desk.open();
    await page.goto('/connections/new');
    await page.getByLabel('Kind').selectOption('Call logs');
    await page.getByLabel('Name', { exact: true }).fill('Old switch');
    expect(await page.getByText('Choose a sample file').count(), 'other dialects have none').to.equal(0);
    await page.getByLabel('Dialect').selectOption('csv');
    const file = { name: 'calls.csv', mimeType: 'text/csv', buffer: Buffer.from(SAMPLE) };
    await page.getByLabel('Choose a sample file').setInputFiles(file);
    await page.getByRole('cell', { name: '0407654321' }).waitFor();
    const meaning = (header: string) => page.getByLabel(`What “${header}” is`);
    await meaning('Tunnus').selectOption('Start');
    await meaning('Tunnus').selectOption('Id of the call');
    await meaning('Alku').selectOption('Start');
    await meaning('Soittaja').selectOption('From');
    await meaning('Numero').selectOption('To');
    await meaning('Kesto').selectOption('Duration');
    await page.getByRole('button', { name: 'Save and start' }).click();
    await page.getByRole('heading', { name: 'Old switch' }).waitFor();
    const { items } = await desk.api<{ items: Account[] }>('GET', '/accounts');
    const account = items.find(({ name }) => name === 'Old switch');
    expect(account?.config.columns).to.deep.equal({
      id: 'Tunnus',
      startedAt: 'Alku',
      from: 'Soittaja',
      to: 'Numero',
      durationSeconds: 'Kesto',
    });
    await page.goto('/contacts');
    const { id } = await page.evaluate(
      async ([text, name]) => {
        const body = new FormData();
        body.append('file', new File([text ?? ''], 'calls.csv'));
        body.append('account', name ?? '');
        return (await fetch('/api/v1/imports', { method: 'POST', body })).json();
      },
      [SAMPLE, account?.id] as const,
    );
    for (let tries = 0; tries < 100; tries++) {
      const job = await desk.api<{ state: string; counts: { stored: number } }>('GET', `/imports/${id}`);
      if (job.state === 'running') await page.waitForTimeout(100);
      else return expect(job).to.deep.include({ state: 'done' }).and.have.nested.property('counts.stored', 2);
    }
    throw new Error('The import does not end.');
  });
});
