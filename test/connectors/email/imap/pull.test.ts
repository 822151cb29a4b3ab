import { expect } from 'chai';
import { type Dovecot, startDovecot } from '../../../support/dovecot.ts';
import { needs } from '../../../support/needs.ts';
import { hashOf, mailOf, type Running, startPull } from './consumer.ts';

describe('email: pull from Dovecot', function () {
  this.timeout(30_000);
  let dovecot: Dovecot;
  let running: Running | undefined;
  let serial = 0;

  before(async function () {
    needs(this, 'dovecot', 'openssl');
    dovecot = await startDovecot({ users: Array.from({ length: 30 }, (_, i) => `u${i}`) });
  });
  afterEach(async () => {
    await running?.stop();
    running = undefined;
  });

  const fresh = () => {
    const { user, password } = dovecot.user(`u${serial++}`);
    return { user, config: { host: dovecot.host, port: dovecot.port, security: 'none', user, password } };
  };

  it('brings what lies in INBOX, byte for byte, in UID order', async () => {
    const { user, config } = fresh();
    const mails = Array.from({ length: 250 }, (_, i) => mailOf(i));
    await dovecot.deliverAll(user, 'INBOX', mails);
    running = await startPull(config);
    const { store, until } = running;
    await until(() => store.items.length === 250);
    expect(store.items.map(item => item.raw?.sha256)).to.deep.equal(mails.map(hashOf));
    expect(store.batches.filter(batch => batch.items.length).map(batch => batch.items.length)).to.deep.equal([
      100, 100, 50,
    ]);
    expect(store.positions.get('INBOX')).to.include({ lastUid: 250 });
  });

  it('has a new mail within a second, by IDLE', async () => {
    const { user, config } = fresh();
    running = await startPull(config, { times: { status: 60_000 } });
    const { store, until } = running;
    await until(() => store.positions.get('INBOX')?.comparedAt != null);
    await new Promise(resolve => setTimeout(resolve, 300));
    const sent = Date.now();
    await dovecot.deliver(user, 'INBOX', mailOf('live'));
    await until(() => store.items.length === 1);
    expect(Date.now() - sent).to.be.below(1500);
  });
});
