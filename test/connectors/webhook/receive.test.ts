import { expect } from 'chai';
import type { Acceptance, Account, Received, WebhookRequest } from '../../../connectors/contract.ts';
import { canonical } from '../../../connectors/webhook/canonical.ts';
import type { WebhookConfig } from '../../../connectors/webhook/config.ts';
import { event, interaction } from '../../../connectors/webhook/fixtures/items.ts';
import { readItem } from '../../../connectors/webhook/item.ts';
import { receive } from '../../../connectors/webhook/receive.ts';
import { expectLinear } from '../../support/linear.ts';

const account = {
  id: 'a',
  name: 'a',
  config: { secrets: [] },
  ours: {
    addresses: new Set(['tuki@varaamo.example']),
    domains: new Set(['muut.example', 'xn--rksmrgs-5wao1o.example']),
  },
} as unknown as Account<WebhookConfig>;

const post = (body: unknown, over: Partial<WebhookRequest> = {}): Promise<Received> =>
  receive(account, {
    method: 'POST',
    path: 'events',
    query: '',
    headers: {},
    authenticated: true,
    body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
    ...over,
  });

const answerOf = ({ reply, items }: Received, accepted: Acceptance[] = items.map(() => 'stored')) => {
  const { status, body = '', headers } = typeof reply === 'function' ? reply(accepted) : reply;
  return { status, type: headers?.['Content-Type'], body: JSON.parse(body) };
};

const faultsOf = async (body: unknown): Promise<string[]> => {
  const received = await post(body);
  expect(received.items.length + received.failed.length).to.equal(0);
  const { status, type, body: problem } = answerOf(received);
  expect([status, type]).to.eql([422, 'application/problem+json']);
  return problem.errors.map(({ pointer }: { pointer: string }) => pointer);
};

const one = async (body: object) => {
  const { items } = await post(body);
  if (!items[0]) throw new Error('It was not taken.');
  return items[0];
};

describe('webhook: what is posted', () => {
  it('is an interaction with its people, files and thread', async () => {
    const item = await one(interaction);
    expect(item).to.deep.include({
      sourceKey: 'interaction:sms-2026-1',
      kind: 'interaction',
      externalId: 'sms-2026-1',
      channel: 'sms',
      occurredAt: new Date('2026-11-20T08:00:00Z'),
      parties: [0],
      others: [1],
      threadKeys: ['webhook:a:paivi-1'],
      proven: false,
      text: interaction.text,
    });
    expect(item.participants[0]).to.deep.equal({
      role: 'from',
      identifier: { type: 'phone', value: '+358 40 000 0110' },
      name: 'Päivi Mäkelä',
      also: interaction.from.also,
    });
    expect(item.parts[0]).to.include({ name: 'vuorot.txt', type: 'text/plain', size: 12 });
    expect(Buffer.concat(await (item.parts[0]?.open().toArray() ?? [])).toString()).to.equal('Keskiviikko\n');
  });

  it('names people by every address that there is, also with quotes', async () => {
    const from = (value: string) => ({ ...interaction, from: { type: 'email', value } });
    for (const value of ['"john doe"@hook.example', '"a@b"@hook.example', ' ä"@hook.example'])
      expect((await one(from(value))).participants[0]?.identifier.value.trim()).to.equal(value.trim());
    for (const value of ['john doe@hook.example', '"john doe@hook.example', '"a\nb"@hook.example', '""@hook.example x'])
      expect(await faultsOf(from(value)), value).to.deep.equal(['/from/value']);
  });

  it('is a register event that says in a line what happened', async () => {
    const item = await one(event);
    expect(item).to.deep.include({
      sourceKey: 'event:booking-2026-1',
      kind: 'event',
      subject: 'Sali 2',
      event: { name: 'booking', data: event.data },
      summary: 'Booking: hall 2, people 30, from 2026-12-01T18:00',
      parties: [0],
    });
    expect((await one({ ...event, event: 'delivery-terms', data: undefined })).summary).to.equal('Delivery terms');
  });

  it('belongs to whom its direction says, never to us, and says why when to nobody', async () => {
    const { from, ...rest } = interaction;
    const us = { type: 'email', value: 'Tuki@Varaamo.example' };
    expect((await one({ ...rest, direction: 'outbound', from: us, to: [from, us] })).parties).to.eql([1]);
    const internal = await one({ ...interaction, direction: 'internal' });
    expect([internal.parties, internal.unlinkedReason]).to.eql([[], 'Internal: everybody who takes part is ours.']);
    const nobody = await one({ ...interaction, from: null });
    expect(nobody.parties).to.eql([]);
    expect(nobody.unlinkedReason).to.match(/doesn’t say who/);
    expect((await one({ ...interaction, from: us })).parties).to.eql([]);
    expect((await one({ ...event, contact: null })).parties).to.eql([]);
    const tagged = { type: 'email', value: 'tuki+tilaukset@varaamo.example' };
    for (const our of [tagged, { type: 'email', value: 'kuka@räksmörgås.example' }, { ...from, also: [tagged] }]) {
      expect((await one({ ...rest, direction: 'outbound', from: us, to: [from, our] })).parties).to.eql([1]);
      expect((await one({ ...event, contact: our })).parties).to.eql([]);
    }
  });

  it('has text made of its HTML, or a notice when it has none', async () => {
    const { text: _, attachments, ...rest } = interaction;
    expect((await one({ ...rest, html: '<p>Hei &amp; kiitos</p>' })).text).to.equal('Hei & kiitos');
    expect((await one(rest)).notice).to.equal('It has no text.');
    expect((await one({ ...rest, attachments })).notice).to.equal('It has files and no text.');
  });

  it('has one hash for the same content, whatever its order and spacing, and another for another', async () => {
    const turned = JSON.stringify(Object.fromEntries(Object.entries(interaction).reverse()), null, 2);
    const hash = async (body: unknown) => (await post(body)).items[0]?.raw?.sha256;
    expect(await hash(turned)).to.equal(await hash(interaction));
    expect(await hash({ ...interaction, text: 'Hei' })).to.not.equal(await hash(interaction));
    expect(canonical(JSON.parse('{"b":[1,{"d":null,"c":"é"}],"__proto__":1}'))).to.equal(
      '{"__proto__":1,"b":[1,{"c":"é","d":null}]}',
    );
  });

  it('names every field of a wrong shape', async () => {
    expect(
      await faultsOf({ ...interaction, occurredAt: '2026-11-20 10:00', channel: 'Fax Machine', direction: 'in' }),
    ).to.eql(['/occurredAt', '/channel', '/direction']);
    const { from: _, id: __, ...rest } = interaction;
    expect(await faultsOf(rest)).to.eql(['/id']);
    expect(await faultsOf({ ...rest, id: '1' })).to.eql(['/from']);
    expect(await faultsOf({ ...interaction, direction: 'outbound', to: [] })).to.eql(['/to']);
    expect(await faultsOf({ ...interaction, from: { type: 'email', value: 'paivi' }, 'a/b': 1 })).to.have.members([
      '/from/value',
      '/a~1b',
    ]);
    expect(await faultsOf({ ...interaction, attachments: [{ type: 'text/plain', base64: 'S2Vza2' }] })).to.eql([
      '/attachments/0/base64',
    ]);
    expect(await faultsOf({ ...event, event: 'party', contact: undefined })).to.eql(['/event', '/contact']);
    expect(await faultsOf({ ...event, data: JSON.parse(`${'['.repeat(60)}${']'.repeat(60)}`) })).to.eql(['/data']);
    for (const body of [[], 7, 'null', '"text"', { type: 'letter' }, { items: 7 }, { items: [], more: 1 }])
      expect(await faultsOf(body), JSON.stringify(body)).to.have.length(1);
  });

  it('refuses data with a name that a database takes for its own, at any depth, and of many that one alone', async () => {
    for (const value of ['x', 'ObjectId', 1, null, {}])
      expect(await faultsOf({ ...event, data: { halls: [{ _bsontype: value }] } })).to.eql(['/data']);
    const { status, body } = answerOf(
      await post({ items: [event, { ...event, id: 'bad', data: { _bsontype: 'x' } }, interaction] }),
    );
    expect(status).to.equal(207);
    expect(body.items.map((row: { status: string }) => row.status)).to.eql(['stored', 'rejected', 'stored']);
    expect(body.items[1].error).to.equal('/data: a name is _bsontype, which a database can not keep');
  });

  it('answers one with its row, many with a row each in their order', async () => {
    expect(answerOf(await post(event), ['revised'])).to.deep.include({
      status: 200,
      body: { id: 'booking-2026-1', status: 'revised', error: null },
    });
    const received = await post({ items: [event, { ...event, id: 7 }, { ...event, event: 'x' }, interaction] });
    const { status, body } = answerOf(received, ['duplicate', 'stored']);
    expect(status).to.equal(207);
    expect(body.items.map((row: { id: string; status: string }) => [row.id, row.status])).to.eql([
      ['booking-2026-1', 'duplicate'],
      [null, 'rejected'],
      ['booking-2026-1', 'rejected'],
      ['sms-2026-1', 'stored'],
    ]);
    expect(body.items[1].error).to.equal('/id: expected string');
    expect(answerOf(await post({ items: [] })).status).to.equal(207);
    expect(answerOf(await post({ items: Array(1000).fill(event) })).status).to.equal(207);
    const tooMany = await post({ items: Array(1001).fill(event) });
    expect([answerOf(tooMany).status, tooMany.items.length]).to.eql([413, 0]);
  });

  it('takes base64 in lines, and tells what is none in one pass, however it ends', async () => {
    const withFile = (base64: string) => ({ ...interaction, attachments: [{ type: 'text/plain', base64 }] });
    const isTaken = (base64: string): boolean => 'item' in readItem(withFile(base64));
    for (const end of ['!', '=!', '!===']) expectLinear(size => '\n'.repeat(size) + end, isTaken);
    for (const right of ['', '\n', 'S2Vz\r\na2k=\r\n', 'S2\nU=', 'S2U\n=', 'Sw=\n=', 'S2Vz'.repeat(1_300_000)])
      expect(isTaken(right), right.slice(0, 20)).to.equal(true);
    for (const wrong of ['=', '====', 'S2Vz=', 'S=Vz', 'S2V ', 'S2V-', 'S2Vz\n!', `${'\n'.repeat(5_000_000)}!===`])
      expect(isTaken(wrong), wrong.slice(0, 20)).to.equal(false);
  });

  it('refuses whoever has neither signature nor token, other methods and paths; by token no JSON is a fault', async () => {
    const refused = await post(event, { authenticated: false }).catch(error => error.remedy);
    expect(refused).to.equal('reject');
    const forged = await post(event, { headers: { 'webhook-signature': 'v1,x' } }).catch(error => error.remedy);
    expect(forged).to.equal('reject');
    expect(answerOf(await post(event, { method: 'GET' })).status).to.equal(405);
    expect(answerOf(await post(event, { path: 'else' })).status).to.equal(404);
    expect(answerOf(await post('{"a":')).status).to.equal(400);
  });
});
