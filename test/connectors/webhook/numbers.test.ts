import { expect } from 'chai';
import type { Account, Captured, Reply } from '../../../connectors/contract.ts';
import { canonical } from '../../../connectors/webhook/canonical.ts';
import type { WebhookConfig } from '../../../connectors/webhook/config.ts';
import { event, interaction } from '../../../connectors/webhook/fixtures/items.ts';
import { parseNumbers } from '../../../connectors/webhook/numbers.ts';
import { receive } from '../../../connectors/webhook/receive.ts';
import { expectLinear } from '../../support/linear.ts';

const account = {
  id: 'a',
  name: 'a',
  config: { secrets: [] },
  ours: { addresses: new Set(), domains: new Set() },
} as unknown as Account<WebhookConfig>;

const post = (body: string) =>
  receive(account, {
    method: 'POST',
    path: 'events',
    query: '',
    headers: {},
    authenticated: true,
    body: Buffer.from(body),
  });

/** An event with this JSON as its data. */
const withData = async (data: string): Promise<Captured> => {
  const [item] = (await post(JSON.stringify({ ...event, data: 'DATA' }).replace('"DATA"', data))).items;
  if (!item) throw new Error('It was not taken.');
  return item;
};
const originalOf = ({ raw }: Captured): string => Buffer.from(raw?.bytes ?? []).toString();

describe('webhook: numbers', () => {
  it('are kept as they were sent where JavaScript can’t hold them, and tell contents apart', async () => {
    const item = await withData(
      '{"order":12345678901234567890,"huge":1e400,"list":[0.12345678901234567891],"price":1.10}',
    );
    expect(originalOf(item)).to.include(
      '"data":{"huge":1e400,"list":[0.12345678901234567891],"order":12345678901234567890,"price":1.1}',
    );
    const texts = { order: '12345678901234567890', huge: '1e400', list: ['0.12345678901234567891'], price: 1.1 };
    expect(item.event?.data).to.deep.equal(texts);
    expect(item.summary).to.equal('Booking: order 12345678901234567890, huge 1e400, price 1.1');
    const other = await withData('{"order":12345678901234567891}');
    expect(other.raw?.sha256).to.not.equal((await withData('{"order":12345678901234567890}')).raw?.sha256);
    expect((await withData('1e-400')).event?.data).to.equal('1e-400');
  });

  it('are numbers where it holds them, however they are written', () => {
    const held =
      '[0,-0,1.10,1E3,1.5e-7,0.1,9007199254740992,10000000000000000,1.7976931348623157e308,100000000000000000000]';
    expect(parseNumbers(held)).to.deep.equal(JSON.parse(held));
    expect(canonical(parseNumbers('{"a":9007199254740993,"b":"9007199254740993 \\" 1e999","1e999\\\\":1}'))).to.equal(
      '{"1e999\\\\":1,"a":9007199254740993,"b":"9007199254740993 \\" 1e999"}',
    );
  });

  it('are no text where a text is due, however long they are', async () => {
    const reply = (await post(JSON.stringify({ ...event, id: 7 }).replace('7', '12345678901234567890'))).reply as Reply;
    expect(reply.status).to.equal(422);
    expect(reply.body).to.include('/id').and.to.include('expected string');
  });

  it('are looked for in one pass', () => {
    const makers = [
      (size: number) => `[${'9'.repeat(size)}]`,
      (size: number) => `[1${'0'.repeat(size)}1]`,
      (size: number) => `[${'1e1,'.repeat(size)}1]`,
      (size: number) => JSON.stringify('\\"'.repeat(size)),
      (size: number) => JSON.stringify(Array(size).fill('1e999')),
    ];
    for (const make of makers) expectLinear(make, json => void parseNumbers(json));
  });

  it('an id has no half of a surrogate pair: written down, two such would be one', async () => {
    for (const half of ['\\ud800', 'a\\udc00', '\\ud83dx']) {
      const { items, reply } = await post(JSON.stringify({ ...interaction, id: 'ID' }).replace('"ID"', `"${half}"`));
      expect([items.length, (reply as Reply).status]).to.eql([0, 422]);
      expect((reply as Reply).body).to.include('/id');
    }
    expect((await post(JSON.stringify({ ...interaction, id: 'a😀\ufffd' }))).items).to.have.length(1);
  });
});
