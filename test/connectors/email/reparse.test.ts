import { utimes } from 'node:fs/promises';
import { expect } from 'chai';
import type { Captured } from '../../../connectors/contract.ts';
import { type Bench, connector, FROM_LINE, mail, makeBench, takeAll } from './files/support.ts';

describe('email: an original that is read again', () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await makeBench();
  });
  afterEach(() => bench.remove());

  /** As a quarantine row keeps it. */
  const again = ({ raw, sighting, beside }: Captured) =>
    connector.reparse(bench.account, raw as never, sighting, beside && JSON.parse(JSON.stringify(beside)));

  const told = ({ sourceKey, direction, occurredAt, parties, participants }: Captured) => ({
    sourceKey,
    direction,
    occurredAt: occurredAt.toISOString(),
    parties: parties?.map(i => participants[i]?.identifier.value),
  });

  it('is outbound from the Sent folder, under an alias that nobody told us of, and dated by its folder', async () => {
    const path = await bench.write(
      'md/.Sent/cur/1.a:2,S',
      mail(1)
        .replace('anna@asiakas.example', 'alias@talteen2.example')
        .replace('tuki@talteen.example', 'anna@asiakas.example')
        .replace('Subject', 'Date: Thu, 1 Jan 2015 10:00:00 +0000\nSubject'),
    );
    await utimes(path, new Date('2026-11-20T08:00:00Z'), new Date('2026-11-20T08:00:00Z'));
    const { items } = await takeAll(bench, `${bench.dir}/md`, 'md');
    const item = { ...(items[0] as Captured), raw: { ...items[0]?.raw } } as Captured;
    expect(told(item)).to.include({ direction: 'outbound', occurredAt: '2026-11-20T08:00:00.000Z' });
    expect(told(await again(item))).to.deep.equal(told(item));
    expect(told(item).parties).to.deep.equal(['anna@asiakas.example']);
  });

  it('is dated by the From_ line of its mbox', async () => {
    const { items } = await takeAll(bench, await bench.write('a.mbox', `${FROM_LINE}${mail(1)}\n`));
    const item = items[0] as Captured;
    expect(told(item).occurredAt).to.equal('2026-11-23T10:00:00.000Z');
    expect(told(await again(item))).to.deep.equal(told(item));
  });

  it('of an account that kept nothing beside it is inbound', async () => {
    const { items } = await takeAll(bench, await bench.write('a.eml', mail(1)));
    const { beside: _, ...item } = items[0] as Captured;
    expect((await again(item)).direction).to.equal('inbound');
  });
});
