import { expect } from 'chai';
import { rawOf } from '../../../connectors/common/raw.ts';
import type { Received } from '../../../connectors/contract.ts';
import { ASTERISK, accountOf, connector, onlyCall } from './support.ts';

const SWITCH = { ...ASTERISK, dialect: 'freeswitch', username: 'switch', password: 'secret' };
const UUID = 'aaaaaaaa-0000-4000-8000-000000000001';
const xml = (caller: string): string =>
  `<?xml version="1.0"?>\n<cdr core-uuid="c"><variables><uuid>${UUID}</uuid><start_epoch>1795161600</start_epoch><duration>60</duration></variables><app_log><application app_name="set" app_data="a=1&amp;cdr=2"/></app_log><callflow profile_index="1"><caller_profile><caller_id_number>${caller}</caller_id_number><destination_number>0931570000</destination_number></caller_profile></callflow></cdr>`;
const json = (caller: string): string =>
  JSON.stringify({
    variables: { uuid: UUID, start_epoch: '1795161600', duration: '60', note: 'a=1&cdr=2 100%' },
    callflow: [{ caller_profile: { caller_id_number: caller, destination_number: '0931570000' } }],
  });

const post = async (body: string): Promise<Received> => {
  const authorization = `Basic ${Buffer.from('switch:secret').toString('base64')}`;
  const request = { method: 'POST', path: 'cdr', query: '', headers: { authorization }, body: Buffer.from(body) };
  const received = await connector.receive?.(accountOf(SWITCH), request);
  if (!received) throw new Error('It receives nothing.');
  return received;
};

const forms: [string, (document: string) => string][] = [
  ['as it stands', document => document],
  ['cdr= as it stands', document => `cdr=${document}`],
  ['cdr= url-encoded', document => `cdr=${encodeURIComponent(document)}`],
  ['cdr= url-encoded, spaces as +', document => new URLSearchParams({ cdr: document }).toString()],
  ['cdr= in base64', document => `cdr=${Buffer.from(document).toString('base64')}`],
  ['base64 that is url-encoded', document => `cdr=${encodeURIComponent(Buffer.from(document).toString('base64'))}`],
  ['another field before it', document => `uuid=${UUID}&cdr=${encodeURIComponent(document)}`],
];

describe('calllog: what FreeSWITCH posts', () => {
  for (const [name, write] of forms)
    it(`${name}: entities and a + in it are what they are`, async () => {
      for (const document of [xml('+46701234567'), json('+46701234567')]) {
        const { items, failed } = await post(write(document));
        expect(failed).to.deep.equal([]);
        const { first } = onlyCall(items);
        expect(first).to.deep.include({ direction: 'inbound', belongsToExternalId: UUID });
        expect(first.participants[0]?.identifier).to.deep.equal({ type: 'phone', value: '+46701234567' });
        expect(first.raw?.bytes?.toString()).to.equal(document);
      }
    });

  it('base64 of any length is whole: of XML it may end with a +', async () => {
    for (const room of ['', ' ', '  ']) {
      const document = xml('+46701234567').replace('</cdr>', `${room}</cdr>`);
      const { items } = await post(`cdr=${Buffer.from(document).toString('base64')}`);
      expect(items[0]?.raw?.bytes?.toString(), `and ${room.length}`).to.equal(document);
    }
  });

  it('what was kept of an earlier hub is replayed, whatever the account’s files are', async () => {
    const raw = rawOf('application/octet-stream', Buffer.from(`cdr=${xml('+46701234567')}`));
    for (const config of [SWITCH, { ...SWITCH, dialect: 'asterisk' }]) {
      const item = await connector.reparse?.(accountOf(config), raw);
      expect(item?.participants[0]?.identifier.value).to.equal('+46701234567');
    }
  });

  it('what is no document is kept in quarantine', async () => {
    for (const body of ['cdr=', 'cdr=hello', 'uuid=1&x=<cdr/>', 'hello', 'cdr=<cdr><broken']) {
      const { items, failed, reply } = await post(body);
      expect(items, body).to.deep.equal([]);
      expect(failed, body).to.have.length(1);
      expect(reply, body).to.have.property('status', 202);
    }
  });
});
