import { createHmac } from 'node:crypto';
import { expect } from 'chai';
import type { WebhookRequest } from '../../../connectors/contract.ts';
import * as chatwoot from '../../../connectors/transcripts/fixtures/chatwoot.ts';
import {
  crispAnswer,
  crispEmail,
  crispMessage,
  crispNote,
} from '../../../connectors/transcripts/fixtures/crisp-tawk.ts';
import { AMERICAN, FINNISH, PICTURE, slackZip, whatsappZip } from '../../../connectors/transcripts/fixtures/exports.ts';
import { chatwootRequest, crispRequest, SECRET } from '../../../connectors/transcripts/fixtures/signed.ts';
import type { Interaction } from '../../../server/http/dto/interactions.ts';
import type { TimelineEntry } from '../../../server/http/dto/timeline.ts';
import { makeDataDir } from '../../faults/data-dir.ts';
import { type Hub, startHub } from '../../faults/hub.ts';
import { until } from '../../faults/until.ts';

interface Page<Item> {
  items: Item[];
  next: string | null;
}
interface Import {
  id: string;
  state: string;
  counts: Record<string, number>;
}
interface Account {
  id: string;
  counts: Record<string, number>;
  webhooks: { name: string; url: string }[];
}
type Messages = Page<{ text: string; kind: string; direction: string; sender: { name: string | null } }>;

/** The whole way through the real entrances: the hub as its own process, what providers send, its API. */
describe('chats of other tools, from their webhooks and exports to the timeline', function () {
  this.timeout(180_000);
  let hub: Hub;
  let data: Awaited<ReturnType<typeof makeDataDir>>;

  before(async () => {
    data = await makeDataDir();
    hub = await startHub({ dataDir: data.path });
  });
  after(async () => {
    await hub?.stop();
    await data?.remove();
  });

  const addAccount = async (name: string, config: object): Promise<Account> => {
    const api = await hub.api();
    return api.send<Account>('POST', '/accounts', { connector: 'transcripts', name, config });
  };
  const accountOf = async (id: string) => (await hub.api()).get<Account>(`/accounts/${id}`);
  /** What comes twice while the first one waits is not counted. */
  const captured = (id: string, kind: 'stored' | 'quarantined', count: number): Promise<void> =>
    until(`${count} ${kind}`, async () => (await accountOf(id)).counts[kind] === count, 30_000);
  const post = async ({ id }: Account, { headers, body }: WebhookRequest): Promise<number> => {
    const address = `${await hub.ready}/webhooks/${id}/events`;
    const response = await fetch(address, {
      method: 'POST',
      headers: headers as Record<string, string>,
      body: new Uint8Array(body),
    });
    await response.arrayBuffer();
    return response.status;
  };
  const upload = async (account: Account, name: string, bytes: Buffer | string): Promise<Import['counts']> => {
    const api = await hub.api();
    const form = new FormData();
    form.set('account', account.id);
    form.set('file', new File([typeof bytes === 'string' ? bytes : new Uint8Array(bytes)], name));
    const { id } = await api.upload<Import>('/imports', form);
    await until('the import to end', async () => (await api.get<Import>(`/imports/${id}`)).state !== 'running', 60_000);
    const { state, counts } = await api.get<Import>(`/imports/${id}`);
    expect(state).to.equal('done');
    return counts;
  };
  const interactionsOf = async ({ id }: Account) =>
    (await (await hub.api()).get<Page<Interaction>>(`/interactions?account=${id}&limit=100`)).items;
  const messagesOf = async (interaction: string) =>
    (await (await hub.api()).get<Messages>(`/interactions/${interaction}/messages`)).items.reverse();
  const timelineOf = async (q: string): Promise<TimelineEntry[]> => {
    const api = await hub.api();
    const { items } = await api.get<Page<{ id: string }>>(`/contacts?q=${encodeURIComponent(q)}`);
    expect(items, `one contact for ${q}`).to.have.length(1);
    return (await api.get<Page<TimelineEntry>>(`/contacts/${items[0]?.id}/timeline`)).items;
  };

  it('Chatwoot: one conversation on the timeline of who asked, each message once, notes among them', async () => {
    const account = await addAccount('chatwoot', { provider: 'chatwoot', secret: SECRET });
    expect(account.webhooks.map(({ name }) => name)).to.deep.equal(['events']);
    expect(JSON.stringify(account)).not.to.include(SECRET);
    const { created, messageEvent, answer, note, resolved } = chatwoot;
    for (const event of [created, messageEvent(), answer, note, answer, resolved, resolved])
      expect(await post(account, chatwootRequest(event))).to.equal(200);
    // three messages and a status
    await captured(account.id, 'stored', 4);
    const [interaction, ...more] = await interactionsOf(account);
    expect(more).to.have.length(0);
    expect(interaction).to.include({ channel: 'chat', direction: 'inbound', externalId: '12' });
    expect(interaction?.status?.state).to.equal('resolved');
    const messages = await messagesOf(interaction?.id ?? '');
    expect(messages.map(({ kind, direction, text, sender }) => [kind, direction, text, sender.name])).to.deep.equal([
      ['message', 'inbound', 'Hei, onko sali vapaa?', 'Päivi Mäkelä'],
      ['note', 'outbound', 'Kysyy joka viikko.', 'Olli Agentti'],
      ['message', 'outbound', 'On vapaa.', 'Olli Agentti'],
    ]);
    const [entry] = await timelineOf('paivi@kuusilahti.example');
    expect(entry).to.include({ interaction: interaction?.id, preview: 'On vapaa.' });
  });

  it('Crisp: what was asked without a name is on the timeline of the address that was learnt', async () => {
    const account = await addAccount('crisp', { provider: 'crisp', secret: SECRET });
    const email = { ...crispEmail, data: { ...crispEmail.data, email: 'uusi@kuusilahti.example' } };
    for (const event of [crispMessage(), crispAnswer, crispNote, email])
      expect(await post(account, crispRequest(event))).to.equal(200);
    await captured(account.id, 'stored', 4);
    const [interaction, ...more] = await interactionsOf(account);
    expect(more).to.have.length(0);
    expect(await messagesOf(interaction?.id ?? '')).to.have.length(4);
    const suggestions = await (await data.db()).collection('suggestions').find({ account: account.id }).toArray();
    expect(suggestions.map(({ proven }) => proven)).to.deep.equal([true]);
  });

  it('what is forged or old leaves nothing, what is signed and no JSON is in quarantine', async () => {
    const account = await addAccount('forged', { provider: 'chatwoot', secret: SECRET });
    const event = chatwoot.messageEvent();
    const signed = chatwootRequest(event);
    const old = chatwootRequest(event, { at: new Date(Date.now() - 301_000) });
    const unsigned = { ...signed, headers: { 'content-type': 'application/json' } };
    for (const request of [old, unsigned, chatwootRequest(event, { secret: 'another' })])
      expect(await post(account, request)).to.equal(403);
    const wrong = chatwootRequest({ ...event, id: null });
    expect(await post(account, wrong)).to.equal(422);
    expect(await post(account, chatwootRequest({ event: 'contact_updated', id: 1 }))).to.equal(200);
    expect(await post(account, chatwootRequest(Buffer.from('<xml/>')))).to.equal(202);
    await captured(account.id, 'quarantined', 1);
    expect((await accountOf(account.id)).counts).to.deep.equal({ stored: 0, duplicate: 0, quarantined: 1 });
    const row = (await (await hub.api()).get<Page<{ id: string }>>(`/quarantine?account=${account.id}`)).items[0];
    expect((await (await hub.api()).bytes(`/quarantine/${row?.id}/raw`)).toString()).to.equal('<xml/>');
    expect(await interactionsOf(account)).to.deep.equal([]);
  });

  it('WhatsApp: the same twice adds nothing, a longer one what is new, a zip its media', async () => {
    const account = await addAccount('whatsapp', { provider: 'whatsapp', agents: ['olli agentti'] });
    const short = FINNISH.split('\n').slice(0, 6).join('\n');
    expect(await upload(account, 'chat.txt', short)).to.deep.equal({
      read: 3,
      stored: 3,
      duplicate: 0,
      quarantined: 0,
    });
    expect(await upload(account, 'chat.txt', short)).to.deep.equal({
      read: 3,
      stored: 0,
      duplicate: 3,
      quarantined: 0,
    });
    expect(await upload(account, 'longer.txt', FINNISH)).to.include({ read: 6, stored: 3, duplicate: 3 });
    expect(await upload(account, 'chat.zip', whatsappZip)).to.include({ read: 6, stored: 1, duplicate: 5 });
    const [interaction, ...more] = await interactionsOf(account);
    expect(more).to.have.length(0);
    expect(interaction?.channel).to.equal('whatsapp');
    const messages = await messagesOf(interaction?.id ?? '');
    expect(messages.map(({ text }) => text.split('\n')[0])).to.deep.equal([
      'Viestit ja puhelut on salattu päästä päähän. Kukaan chatin ulkopuolinen ei voi lukea niitä.',
      'Hei, onko sali vapaa?',
      'On vapaa: klo 10.15 alkaen',
      'IMG-20261112-WA0001.jpg (tiedosto liitetty)',
      'Kiitos',
      'Kiitos',
    ]);
    // the number is hers by what Chatwoot said of her
    let hers: TimelineEntry[] = [];
    await until('both are hers', async () => {
      hers = await timelineOf('paivi@kuusilahti.example');
      return hers.length === 2;
    });
    expect(hers.map(({ channel }) => channel)).to.have.members(['chat', 'whatsapp']);
    expect(hers.map(one => one.interaction)).to.include(interaction?.id);
    const [part, ...others] = interaction?.parts ?? [];
    expect(others).to.have.length(0);
    expect(part).to.include({ name: 'IMG-20261112-WA0001.jpg', type: 'image/jpeg', size: PICTURE.length });
    const bytes = await (await hub.api()).bytes(`/interactions/${interaction?.id}/parts/${part?.n}`);
    expect(bytes.equals(PICTURE)).to.equal(true);
  });

  it('Slack: a thread and a day of a channel, on the timeline of the customer', async () => {
    const account = await addAccount('slack', { provider: 'slack' });
    expect(await upload(account, 'slack.zip', slackZip)).to.deep.equal({
      read: 6,
      stored: 6,
      duplicate: 0,
      quarantined: 0,
    });
    expect(await upload(account, 'slack.zip', slackZip)).to.include({ stored: 0, duplicate: 6 });
    expect((await interactionsOf(account)).map(({ subject }) => subject)).to.deep.equal(['#support', '#support']);
    expect(await timelineOf('anna@kunde.example')).to.have.length(2);
  });

  it('an id with half of a character is nobody’s, and stops no import', async () => {
    const account = await addAccount('half', { provider: 'slack' });
    for (const [ts, text] of [
      ['1794466800.000100', 'Hei'],
      ['1794466801.000100', 'Onko sali vapaa?'],
    ]) {
      const day = JSON.stringify([{ ts, text, user: 'U012345678\ud83d' }]);
      expect(await upload(account, '2026-11-12.json', day)).to.include({ stored: 1, quarantined: 0 });
    }
  });

  it('what was in quarantine is closed once its file is taken with other settings', async () => {
    const account = await addAccount('american', { provider: 'whatsapp', agents: ['Olli Agentti'] });
    const api = await hub.api();
    type Row = { id: string; state: string; reason: string };
    const rows = async () => (await api.get<Page<Row>>(`/quarantine?account=${account.id}`)).items;
    expect(await upload(account, 'american.txt', AMERICAN)).to.include({ stored: 0, quarantined: 1 });
    const [row] = await rows();
    expect(row?.state).to.equal('open');
    const replayed = await api.send<Row>('POST', `/quarantine/${row?.id}/replay`, {});
    expect(replayed.reason).to.match(/^A chat is read as a whole/);
    await api.send('PATCH', `/accounts/${account.id}`, { config: { dateOrder: 'mdy' } });
    expect(await upload(account, 'american.txt', AMERICAN)).to.include({ stored: 4, quarantined: 0 });
    expect((await rows()).filter(({ state }) => state === 'open')).to.eql([]);
  });

  it('an import that is killed goes on, and each message is there once', async () => {
    const account = await addAccount('killed', { provider: 'whatsapp' });
    const count = 6000;
    const lines = Array.from({ length: count }, (_, n) => {
      const [hour, minute] = [Math.floor(n / 60) % 24, n % 60];
      return `${1 + Math.floor(n / 1440)}.11.2026 klo ${hour}.${String(minute).padStart(2, '0')} - +358 50 7654321: Viesti ${n}`;
    });
    const form = new FormData();
    form.set('account', account.id);
    form.set('file', new File([lines.join('\n')], 'chat.txt'));
    const { id } = await (await hub.api()).upload<Import>('/imports', form);
    const read = async () => (await (await hub.api()).get<Import>(`/imports/${id}`)).counts.read ?? 0;
    await until('some of it is stored', async () => (await read()) > 500, 60_000);
    await hub.kill();
    hub = await startHub({ dataDir: data.path });
    await until(
      'the import to end',
      async () => (await (await hub.api()).get<Import>(`/imports/${id}`)).state === 'done',
      120_000,
      100,
    );
    expect((await (await hub.api()).get<Import>(`/imports/${id}`)).counts).to.deep.equal({
      read: count,
      stored: count,
      duplicate: 0,
      quarantined: 0,
    });
    const [interaction, ...more] = await interactionsOf(account);
    expect(more).to.have.length(0);
    const found = await (await data.db())
      .collection('messages')
      .find({ interaction: interaction?.id })
      .sort({ seq: 1 })
      .toArray();
    expect(found.map(({ text }) => text)).to.deep.equal(lines.map((_, n) => `Viesti ${n}`));
  });

  it('the signature of another secret is refused after the secret was changed', async () => {
    const account = await addAccount('rotated', { provider: 'tawk', secret: SECRET });
    const body = Buffer.from(JSON.stringify({ event: 'chat:end' }));
    const sign = (secret: string): WebhookRequest => ({
      method: 'POST',
      path: 'events',
      query: '',
      headers: { 'x-tawk-signature': createHmac('sha1', secret).update(body).digest('hex') },
      body,
    });
    expect(await post(account, sign(SECRET))).to.equal(422);
    await (await hub.api()).send('PATCH', `/accounts/${account.id}`, { config: { secret: 'the next one' } });
    expect(await post(account, sign(SECRET))).to.equal(403);
    expect(await post(account, sign('the next one'))).to.equal(422);
  });
});
