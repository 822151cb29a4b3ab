import { expect } from 'chai';
import { rawOf } from '../../../connectors/common/raw.ts';
import type { Captured } from '../../../connectors/contract.ts';
import { itemId } from '../../../server/rules/keys.ts';
import { batchOf, otherConnector } from '../../support/capture.ts';
import { sha256, startApp, type TestApp } from './support.ts';

const CALL = itemId('calls', { sourceKey: 'call', kind: 'interaction' });

const leg = (key: string, line: string): Captured => ({
  sourceKey: key,
  kind: 'interaction',
  belongsTo: 'call',
  orElse: 'create',
  channel: 'call',
  direction: 'inbound',
  occurredAt: new Date('2026-11-20T08:00:00Z'),
  participants: [{ role: 'from', identifier: { type: 'phone', value: '+358401234567' } }],
  parties: [0],
  threadKeys: [],
  parts: [],
  raw: rawOf('text/csv', Buffer.from(line)),
});

describe("http: a call's legs", () => {
  let app: TestApp;
  before(async () => {
    app = await startApp();
    const take = (...items: Captured[]) =>
      app.hub.take([batchOf(items, { next: {} })], { account: 'calls', connector: otherConnector });
    await take(leg('one', 'first line'), leg('two', 'second line'));
    await take(leg('one', 'first line, changed'));
  });
  after(() => app.close());

  it('a line that was changed under its id is a revision, and each line can be had by its hash', async () => {
    const { body } = await app.as('GET', `interactions/${CALL}`);
    expect(body.original.sha256).to.equal(sha256('first line'));
    expect(body.revisions.map((one: { sha256: string }) => one.sha256)).to.deep.equal([sha256('first line, changed')]);
    for (const line of ['first line', 'second line', 'first line, changed']) {
      const { status, bytes } = await app.as('GET', `interactions/${CALL}/raw?sha256=${sha256(line)}`);
      expect([status, bytes.toString()]).to.deep.equal([200, line]);
    }
    expect((await app.as('GET', `interactions/${CALL}/raw`)).bytes.toString()).to.equal('first line');
  });
});
