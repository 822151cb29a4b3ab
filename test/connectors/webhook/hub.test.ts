import { expect } from 'chai';
import { event, interaction } from '../../../connectors/webhook/fixtures/items.ts';
import type { Api } from '../../faults/api.ts';
import { type DataDir, makeDataDir } from '../../faults/data-dir.ts';
import { type Hub, startHub } from '../../faults/hub.ts';
import { until } from '../../faults/until.ts';
import { addAccount, ask, BEFORE, makeSender, SECRET, type Sender, signatureOf } from './client.ts';

interface Page<Item> {
  items: Item[];
}
// biome-ignore lint/suspicious/noExplicitAny: what came, whatever it is
type Any = any;

describe('webhook: a hub as other systems see it', () => {
  let data: DataDir;
  let hub: Hub;
  let api: Api;
  let address: string;
  let account: string;
  let sender: Sender;
  before(async () => {
    data = await makeDataDir();
    hub = await startHub({ dataDir: data.path });
    [api, address] = [await hub.api(), await hub.ready];
    account = await addAccount(api);
    sender = makeSender(address, account);
  });
  after(async () => {
    await hub.stop();
    await data.remove();
  });

  const countsOf = async () => (await api.get<Any>(`/accounts/${account}`)).counts;
  const captured = (id: string) =>
    until(`interaction ${id}`, async () =>
      (await api.get<Page<Any>>(`/interactions?account=${account}&limit=200`)).items.some(one => one.externalId === id),
    );
  const find = async (id: string) =>
    (await api.get<Page<Any>>(`/interactions?account=${account}&limit=200`)).items.find(one => one.externalId === id);
  const contactOf = async (q: string) => (await api.get<Page<Any>>(`/contacts?q=${encodeURIComponent(q)}`)).items;

  it('keeps its secrets to itself and names its address', async () => {
    const { webhooks, config, secrets } = await api.get<Any>(`/accounts/${account}`);
    expect(webhooks).to.have.length(1);
    expect(webhooks[0]).to.include({ name: 'events', url: `${address}/webhooks/${account}/events` });
    expect(JSON.stringify({ config })).to.not.include(SECRET);
    expect(secrets).to.deep.equal(['secrets']);
  });

  it('takes a signed interaction once, says what is known, and keeps another content as a revision', async () => {
    const item = { ...interaction, id: 'one', from: { ...interaction.from, also: [] } };
    expect(await sender.signed(item)).to.deep.include({
      status: 200,
      body: { id: 'one', status: 'stored', error: null },
    });
    expect((await sender.signed(item)).body.status).to.equal('duplicate');
    await captured('one');
    const turned = Object.fromEntries(Object.entries(item).reverse());
    expect((await sender.signed(turned, { secret: BEFORE })).body.status).to.equal('duplicate');
    expect((await sender.signed({ ...item, text: 'Sittenkin torstai.' })).body.status).to.equal('revised');
    await until(
      'the revision',
      async () => (await api.get<Any>(`/interactions/${(await find('one')).id}`)).revisions.length === 1,
    );
    const whole = await api.get<Any>(`/interactions/${(await find('one')).id}`);
    expect(whole).to.include({ channel: 'sms', direction: 'inbound', text: 'Sittenkin torstai.', account });
    expect(whole.occurredAt).to.equal('2026-11-20T08:00:00.000Z');
    const part = await api.bytes(`/interactions/${whole.id}/parts/1`);
    expect(part.toString()).to.equal('Keskiviikko\n');
    expect(JSON.parse((await api.bytes(`/interactions/${whole.id}/raw`)).toString())).to.deep.equal(item);
    const [contact] = await contactOf('+358400000110');
    const timeline = await api.get<Page<Any>>(`/contacts/${contact.id}/timeline`);
    expect(timeline.items.map(entry => entry.interaction)).to.deep.equal([whole.id]);
    expect(timeline.items[0].retention.policy).to.equal('unknown-sender');
  });

  it('counts repetitions, of the account and in /metrics, whether they are known at once or by the capture', async () => {
    const item = { ...interaction, id: 'again' };
    await sender.signed(item);
    await captured('again');
    const [before, { stored }] = [(await countsOf()).duplicate, await countsOf()];
    const again = await Promise.all(Array.from({ length: 20 }, () => sender.signed(item)));
    expect(new Set(again.map(({ body }) => body.status))).to.deep.equal(new Set(['duplicate']));
    expect(await countsOf()).to.include({ duplicate: before + 20, stored });
    const metrics = await (await fetch(`${address}/metrics`)).text();
    expect(metrics).to.include(`talteen_duplicates_total{connector="webhook"} ${before + 20}`);
    expect((await api.get<Any>(`/accounts/${account}`)).folders).to.deep.equal([]);
  });

  it('refuses what is forged, trimmed, signed by another secret, or too old, and stores nothing', async () => {
    const before = await (await data.db()).collection('inbox').countDocuments();
    const counts = await countsOf();
    const body = JSON.stringify({ ...interaction, id: 'forged' });
    const other = `whsec_${Buffer.from('another secret, 24 bytes').toString('base64')}`;
    const minutes = (n: number) => new Date(Date.now() + n * 60_000);
    const refused = [
      await sender.post(body, {}),
      await sender.post(body, signatureOf(body, { secret: other })),
      await sender.post(body.slice(0, -1), signatureOf(body)),
      await sender.post(body, signatureOf(body, { at: minutes(-6) })),
      await sender.post(body, signatureOf(body, { at: minutes(6) })),
      await sender.post(body, { authorization: 'Bearer nobody-knows-this-token-0123456789' }),
    ];
    expect(refused.map(({ status }) => status)).to.deep.equal([403, 403, 403, 403, 403, 403]);
    expect(await (await data.db()).collection('inbox').countDocuments()).to.equal(before);
    expect(await countsOf()).to.deep.equal(counts);
    expect(await find('forged')).to.equal(undefined);
  });

  it('keeps signed bytes that are no JSON in quarantine, and names the fields of a wrong shape', async () => {
    const broken = '{"type": "inter';
    expect((await sender.post(broken, signatureOf(broken))).status).to.equal(202);
    expect((await sender.post(broken, signatureOf(broken))).status).to.equal(202);
    const open = () => api.get<Page<Any>>(`/quarantine?account=${account}`);
    await until('the quarantine', async () => (await open()).items.length > 0);
    const { items } = await open();
    expect(items).to.have.length(1);
    expect((await api.bytes(`/quarantine/${items[0].id}/raw`)).toString()).to.equal(broken);
    const wrong = await sender.signed({ ...event, occurredAt: 'tomorrow' });
    expect([wrong.status, wrong.type.split(';')[0]]).to.deep.equal([422, 'application/problem+json']);
    expect(wrong.body.errors[0].pointer).to.equal('/occurredAt');
  });

  it('answers many each for itself, and no more than 1,000', async () => {
    const many = [
      { ...event, id: 'b1' },
      { ...interaction, id: 'b1' },
      { ...event, id: 'b2', event: 'party' },
      { ...event, id: 'b1' },
      { ...event, id: 'b1', data: { hall: 3 } },
    ];
    const { status, body } = await sender.signed({ items: many });
    expect(status).to.equal(207);
    expect(body.items.map((row: Any) => row.status)).to.deep.equal([
      'stored',
      'stored',
      'rejected',
      'duplicate',
      'revised',
    ]);
    const thousand = Array.from({ length: 1000 }, (_, n) => ({ ...interaction, id: `k${n}`, attachments: [] }));
    const all = await sender.signed({ items: thousand });
    expect(all.body.items.every((row: Any) => row.status === 'stored')).to.equal(true);
    expect((await sender.signed({ items: [...thousand, event] })).status).to.equal(413);
    const again = await sender.signed({ items: thousand });
    expect(again.body.items.every((row: Any) => row.status === 'duplicate')).to.equal(true);
    await until(
      'all of them',
      async () => (await (await data.db()).collection('inbox').countDocuments()) === 0,
      60_000,
    );
    expect(await (await data.db()).collection('interactions').countDocuments({ externalId: /^k/ })).to.equal(1000);
  });

  it('puts register events on the timeline, and shows them with their data', async () => {
    const signed = await sender.signed({
      ...event,
      id: 'e1',
      contact: { type: 'email', value: 'eero@kuusilahti.example' },
    });
    expect(signed.body.status).to.equal('stored');
    await until('the contact', async () => (await contactOf('eero@kuusilahti.example')).length === 1);
    const [contact] = await contactOf('eero@kuusilahti.example');
    const { items } = await api.get<Page<Any>>(`/contacts/${contact.id}/timeline`);
    expect(items[0]).to.include({
      interaction: null,
      channel: 'event',
      subject: 'Sali 2',
      preview: 'Booking: hall 2, people 30, from 2026-12-01T18:00',
    });
    const shown = await api.get<Any>(`/register-events/${items[0].event}`);
    expect(shown).to.deep.include({
      event: 'booking',
      contact: contact.id,
      subject: 'Sali 2',
      data: event.data,
      account,
    });
    const rows = await (await data.db()).collection('accessLog').find({ action: 'register-events:read' }).toArray();
    expect(rows.map(row => [row.contact, row.interaction])).to.deep.equal([[contact.id, items[0].event]]);
    expect((await ask(address, 'GET', '/register-events/none')).status).to.equal(404);
  });

  it('moves a revised item to whom it is of now, at its time', async () => {
    const person = (value: string) => ({ type: 'email', value });
    const [one, other] = [person('vanha@kuusilahti.example'), person('uusi@kuusilahti.example')];
    const posted = { ...event, id: 'moved', contact: one };
    await sender.signed(posted);
    await until('the contact', async () => (await contactOf(one.value)).length === 1);
    const changed = { ...posted, contact: other, occurredAt: '2026-11-01T09:00:00Z' };
    expect((await sender.signed(changed)).body.status).to.equal('revised');
    await until('the other one', async () => (await contactOf(other.value)).length === 1);
    expect(await contactOf(one.value), 'nothing is known of who was named by mistake').to.deep.equal([]);
    const [now] = await contactOf(other.value);
    const [entry] = (await api.get<Page<Any>>(`/contacts/${now.id}/timeline`)).items;
    expect([entry.occurredAt, entry.retention.policy]).to.deep.equal(['2026-11-01T09:00:00.000Z', 'unknown-sender']);
    const shown = await api.get<Any>(`/register-events/${entry.event}`);
    expect(shown).to.include({ contact: now.id, occurredAt: '2026-11-01T09:00:00.000Z' });
    expect(now.lastEntry?.at).to.equal('2026-11-01T09:00:00.000Z');
  });

  it('takes what is odd or large as it came', async () => {
    const odd = JSON.parse(
      '{"$set": {"a.b": 1, "$where": "x"}, "__proto__": {"x": 1}, "": [null, {"$gt": 1}], "é": "\\ud800"}',
    );
    const contact = { type: 'username', value: 'odd' };
    const oddEvent = { ...event, id: 'odd', contact, data: odd };
    expect((await sender.signed(oddEvent)).body.status).to.equal('stored');
    expect((await sender.signed({ ...oddEvent, data: { ...odd, more: odd } })).body.status).to.equal('revised');
    const bytes = Buffer.alloc(12 * 1024 * 1024, 'kuva');
    const large = {
      ...interaction,
      id: 'large',
      attachments: [{ type: 'image/png', base64: bytes.toString('base64') }],
    };
    expect((await sender.signed(large)).body.status).to.equal('stored');
    expect(
      (await sender.signed({ ...large, id: 'long', attachments: [], text: 'Hei € '.repeat(1_000_000) })).status,
    ).to.equal(200);
    expect((await sender.signed({ ...large, text: 'x'.repeat(10 * 1024 * 1024) })).status).to.equal(413);
    await captured('large');
    await captured('long');
    const { id, parts } = await find('large');
    expect((await api.bytes(`/interactions/${id}/parts/${parts[0].n}`)).equals(bytes)).to.equal(true);
    expect((await api.get<Any>(`/interactions/${(await find('long')).id}`)).text).to.have.length(6_000_000);
    const events = (await data.db()).collection('registerEvents');
    await until(
      'the revision',
      async () => ((await events.findOne({ externalId: 'odd' }))?.revisions.length ?? 0) === 1,
    );
    const stored = await events.findOne({ externalId: 'odd' });
    const shown = await api.get<Any>(`/register-events/${stored?._id}`);
    expect(Object.keys(shown.data.more)).to.have.members(Object.keys(odd));
    expect(shown.data.more.$set).to.deep.equal({ 'a.b': 1, $where: 'x' });
    expect((await api.get<Page<Any>>(`/quarantine?account=${account}`)).items).to.have.length(1);
  });

  it('takes a source’s token for its own account and nothing else, and believes it less', async () => {
    const { token } = await api.send<Any>('POST', '/tokens', { name: 'gateway', role: 'source', account });
    const other = await addAccount(api, 'Other');
    const from = { type: 'phone', value: '040 000 0120', also: [{ type: 'email', value: 'aino@kuusilahti.example' }] };
    const said = (n: number) => ({ ...interaction, id: `t${n}`, attachments: [], from });
    expect((await sender.byToken(said(1), token)).body.status).to.equal('stored');
    expect((await sender.byToken(said(2), token, `/api/v1/accounts/${account}/items`)).body.status).to.equal('stored');
    expect((await sender.byToken(said(3), token, `/api/v1/accounts/${other}/items`)).status).to.equal(404);
    expect((await sender.byToken(said(3), token, `/webhooks/${other}/events`)).status).to.equal(403);
    expect((await sender.post('{', { authorization: `Bearer ${token}` })).status).to.equal(400);
    expect((await ask(address, 'GET', '/contacts', token)).status).to.equal(403);
    const open = async () => (await api.get<Page<Any>>('/suggestions')).items;
    await until('the suggestion', async () => (await open()).length === 1);
    const [suggestion] = await open();
    expect(suggestion.reason).to.equal('“Shop” says that both are one person’s, and doesn’t prove it.');
    expect((await ask(address, 'POST', `/suggestions/${suggestion.id}/join`)).body.state).to.equal('joined');
    const [aino] = await contactOf('aino@kuusilahti.example');
    expect(aino.identifiers.map((one: Any) => one.type)).to.deep.equal(['phone', 'email']);
    expect(await open()).to.deep.equal([]);
  });

  it('names who has a number by the country of its account, also when that is another one later', async () => {
    const config = { secrets: [SECRET], defaultCountry: 'SE' };
    const { id } = await api.send<Any>('POST', '/accounts', { connector: 'webhook', name: 'Malmö', config });
    for (const value of ['+358401004231', '+46401004231'])
      await api.send('POST', '/contacts', { name: { last: value }, identifiers: [{ type: 'phone', value }] });
    await makeSender(address, id).signed({ ...interaction, id: 'se', from: { type: 'phone', value: '0401004231' } });
    const named = async () => (await api.get<Page<Any>>(`/interactions?account=${id}`)).items[0]?.participants[0];
    await until('the interaction', async () => (await named()) !== undefined);
    await api.send('PATCH', `/accounts/${id}`, { config: { defaultCountry: 'NO' } });
    const identifier = { type: 'phone', value: '+46401004231' };
    expect(await named()).to.deep.include({ identifier, contact: (await contactOf(identifier.value))[0].id });
  });

  it('joins a number and an address when the request is signed', async () => {
    const from = (type: string, value: string, also: object[] = []) => ({ type, value, also });
    await sender.signed({ ...interaction, id: 'j1', channel: 'fax', from: from('email', 'tuula@kuusilahti.example') });
    await until('Tuula', async () => (await contactOf('tuula@kuusilahti.example')).length === 1);
    const signed = from('phone', '040 000 0130', [{ type: 'email', value: 'Tuula@Kuusilahti.example' }]);
    await sender.signed({ ...interaction, id: 'j2', from: signed });
    await until('one contact', async () => (await contactOf('tuula@kuusilahti.example'))[0].identifiers.length === 2);
    const [tuula] = await contactOf('tuula@kuusilahti.example');
    const { items } = await api.get<Page<Any>>(`/contacts/${tuula.id}/timeline`);
    expect(items.map(entry => entry.channel)).to.have.members(['fax', 'sms']);
    expect(await contactOf('+358400000130')).to.have.length(1);
  });

  it('takes a new secret at once, and the old one no longer when it is left out', async () => {
    const NEXT = `whsec_${Buffer.from('the next secret, 24 bytes').toString('base64')}`;
    const rotate = (secrets: string[]) => api.send('PATCH', `/accounts/${account}`, { config: { secrets } });
    const post = async (id: string, secret: string) => (await sender.signed({ ...event, id }, { secret })).status;
    expect(await post('r1', NEXT)).to.equal(403);
    await rotate([NEXT, SECRET]);
    expect([await post('r1', NEXT), await post('r2', SECRET)]).to.deep.equal([200, 200]);
    await rotate([NEXT]);
    expect([await post('r3', NEXT), await post('r4', SECRET)]).to.deep.equal([200, 403]);
    await api.send('PATCH', `/accounts/${account}`, { state: 'paused' });
    expect(await post('r5', NEXT)).to.equal(503);
  });
});
