import { expect } from 'chai';
import type { Interaction } from '../../server/http/dto/interactions.ts';
import type { TimelineEntry } from '../../server/http/dto/timeline.ts';
import { makeDataDir } from '../faults/data-dir.ts';
import { type Hub, startHub } from '../faults/hub.ts';
import { until } from '../faults/until.ts';
import { type Dovecot, startDovecot } from '../support/dovecot.ts';
import { needs } from '../support/needs.ts';

const USER = 'tuki@varaamo.example';

interface Page<Item> {
  items: Item[];
}

const mail = (fields: Record<string, string>, body = 'Hei,\r\n\r\nkaikki hyvin.\r\n'): Buffer =>
  Buffer.from(
    `${Object.entries({ 'MIME-Version': '1.0', 'Content-Type': 'text/plain; charset=utf-8', ...fields })
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join('')}\r\n${body}`,
  );

const question = (n: number, from = 'Päivi Mäkelä <paivi+hallit@kuusilahti.example>') =>
  mail({
    From: from,
    To: USER,
    Subject: `Vuorot ${n}`,
    'Message-ID': `<q${n}@kuusilahti.example>`,
    Date: 'Mon, 23 Nov 2026 10:00:00 +0200',
  });

/** The whole way through the real entrances: a mailbox on a real Dovecot, the hub as its own process, its API. */
describe('a mailbox, from its server to the timeline', function () {
  this.timeout(120_000);
  let dovecot: Dovecot;
  let hub: Hub;
  let data: Awaited<ReturnType<typeof makeDataDir>>;
  let account: string;

  before(async function () {
    needs(this, 'dovecot');
    dovecot = await startDovecot({ users: [USER, 'toinen@varaamo.example'] });
    data = await makeDataDir();
    hub = await startHub({ dataDir: data.path });
  });
  after(async () => {
    await hub?.stop();
    await dovecot?.stop();
    await data?.remove();
  });

  const api = () => hub.api();
  const configOf = (user: string, over: object = {}) => ({
    host: dovecot.host,
    port: dovecot.tlsPort,
    security: 'tls',
    tls: { ca: dovecot.ca, servername: 'localhost' },
    user,
    password: dovecot.user(user).password,
    ...over,
  });
  const addMailbox = async (name: string, config: object) =>
    (await (await api()).send<{ id: string }>('POST', '/accounts', { connector: 'email', name, config })).id;
  const counts = async () =>
    (await (await api()).get<{ counts: Record<string, number> }>(`/accounts/${account}`)).counts;
  const contactOf = async (q: string) => {
    const { items } = await (await api()).get<Page<{ id: string; provisional: boolean; organisation: unknown }>>(
      `/contacts?q=${encodeURIComponent(q)}`,
    );
    expect(items, `one contact for ${q}`).to.have.length(1);
    return items[0] as (typeof items)[0];
  };
  const timelineOf = async (q: string) =>
    (await (await api()).get<Page<TimelineEntry>>(`/contacts/${(await contactOf(q)).id}/timeline`)).items;

  it('test connection climbs its ladder, and says in words why a rung fails', async () => {
    await dovecot.deliver(USER, 'INBOX', question(1));
    const id = await addMailbox('väärä', configOf(USER, { password: 'wrong' }));
    await until(
      'the account is parked',
      async () => (await (await api()).get<{ state: string }>(`/accounts/${id}`)).state === 'parked',
      30_000,
    );
    const parked = await (await api()).get<{ lastError: string }>(`/accounts/${id}`);
    expect(parked.lastError).to.match(/password|sign/i);
    expect(JSON.stringify(parked)).not.to.include('wrong');
    account = id;
    const mended = await (await api()).send<{ state: string }>('PATCH', `/accounts/${id}`, {
      config: { password: dovecot.user(USER).password },
    });
    expect(mended.state).to.equal('running');
  });

  it('puts what is there on timelines: received, sent, and from a plus-tagged address', async () => {
    const organisation = { name: 'Town of Kuusilahti', domains: ['kuusilahti.example'] };
    await (await api()).send('POST', '/organisations', organisation);
    await dovecot.deliver(USER, 'INBOX', question(2, 'Eero <eero@posti.kuusilahti.example>'));
    const answer = {
      From: USER,
      To: 'paivi@kuusilahti.example',
      Subject: 'Re: Vuorot 1',
      'In-Reply-To': '<q1@kuusilahti.example>',
    };
    await dovecot.deliver(USER, 'Sent', mail({ ...answer, 'Message-ID': '<a1@varaamo.example>' }));
    await until('it is captured', async () => (await counts()).stored === 3, 60_000);
    const entries = await timelineOf('paivi@kuusilahti.example');
    expect(entries.map(({ direction }) => direction).sort()).to.deep.equal(['inbound', 'outbound']);
    for (const entry of entries) expect(entry.retention).to.include({ policy: 'unknown-sender', trigger: 'captured' });
    const interactions = await Promise.all(
      entries.map(async ({ interaction }) => (await api()).get<Interaction>(`/interactions/${interaction}`)),
    );
    expect(new Set(interactions.map(({ conversation }) => conversation)).size, 'one conversation').to.equal(1);
    expect((await contactOf('eero@posti')).organisation, 'by its mail domain').to.deep.include({
      name: organisation.name,
    });
  });

  it('a mail that arrives is there within seconds, its original byte for byte, flags at the source untouched', async () => {
    const bytes = question(3);
    const at = Date.now();
    await dovecot.deliver(USER, 'INBOX', bytes, { flags: '' });
    await until('it is captured', async () => (await counts()).stored === 4, 35_000);
    expect(Date.now() - at).to.be.lessThan(35_000);
    const newest = (await timelineOf('paivi@kuusilahti.example')).find(({ subject }) => subject === 'Vuorot 3');
    const interaction = await (await api()).get<Interaction>(`/interactions/${newest?.interaction}`);
    expect((await (await api()).bytes(`/interactions/${interaction.id}/raw`)).equals(bytes)).to.equal(true);
    expect(interaction.sightings).to.have.length(1);
    expect(interaction.sightings[0]).to.include({ account, folder: 'INBOX' });
    const flags = await dovecot.doveadm('fetch', '-u', USER, 'flags', 'mailbox', 'INBOX', 'all');
    expect(flags).not.to.match(/\\Seen/);
  });

  it('a copy in another folder and another mailbox is a sighting, not another interaction', async () => {
    // by Dovecot, which would not notice a folder that appears on disk in the second of its last look
    await dovecot.doveadm('mailbox', 'create', '-u', USER, 'Archive');
    await dovecot.deliver(USER, 'Archive', question(1));
    await dovecot.deliver('toinen@varaamo.example', 'INBOX', question(1));
    const second = await addMailbox('toinen', configOf('toinen@varaamo.example'));
    await until('it is captured', async () => (await counts()).duplicate === 1, 60_000);
    await until(
      'the other mailbox is captured',
      async () =>
        (await (await api()).get<{ counts: { duplicate: number } }>(`/accounts/${second}`)).counts.duplicate === 1,
      60_000,
    );
    const first = (await timelineOf('paivi@kuusilahti.example')).find(({ subject }) => subject === 'Vuorot 1');
    const { sightings, accounts } = await (await api()).get<Interaction>(`/interactions/${first?.interaction}`);
    expect(sightings.map(({ folder }) => folder).sort()).to.deep.equal(['Archive', 'INBOX', 'INBOX']);
    expect(accounts).to.have.members([account, second]);
  });

  it('a UIDVALIDITY that changed finds everything again and makes no double', async () => {
    const before = await counts();
    await dovecot.resetUids(USER, 'INBOX');
    await until('it is captured', async () => (await counts()).duplicate === (before.duplicate ?? 0) + 3, 90_000);
    expect((await counts()).stored).to.equal(before.stored);
  });

  it('a known contact keeps its entries while the relationship lasts, and five years after its end', async () => {
    const { id } = await contactOf('paivi@kuusilahti.example');
    const relationship = { startedAt: '2019-02-14', endedAt: null };
    await (await api()).send('PATCH', `/contacts/${id}`, { name: { first: 'Päivi', last: 'Mäkelä' }, relationship });
    for (const { retention } of await timelineOf('paivi@kuusilahti.example')) {
      expect(retention).to.include({ policy: 'customer-relationship', triggerAt: null, keepUntil: null });
    }
    await (await api()).send('PATCH', `/contacts/${id}`, { relationship: { endedAt: '2027-02-28' } });
    for (const { retention } of await timelineOf('paivi@kuusilahti.example')) {
      expect(retention).to.include({ triggerAt: '2027-02-28', keepUntil: '2032-02-28' });
    }
  });

  it('goes on where it was after a restart', async () => {
    const before = await counts();
    expect(await hub.stop()).to.equal('exit code 0');
    await dovecot.deliver(USER, 'INBOX', question(9));
    hub = await startHub({ dataDir: data.path });
    await until('it is captured', async () => (await counts()).stored === (before.stored ?? 0) + 1, 60_000);
    expect((await counts()).duplicate).to.equal(before.duplicate);
  });
});
