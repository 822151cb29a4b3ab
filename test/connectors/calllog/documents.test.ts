import { expect } from 'chai';
import { freeswitchDocuments } from '../../../connectors/calllog/dialects/freeswitch-documents.ts';
import type { Failed } from '../../../connectors/contract.ts';
import { accountOf, callsOf, connector, importText } from './support.ts';

const CONFIG = { dialect: 'freeswitch', defaultCountry: 'FI', timezone: 'Europe/Helsinki', ownNumbers: ['0931570000'] };
const uuid = (n: number): string => `aaaaaaaa-0000-4000-8000-00000000000${n}`;

/** As mod_xml_cdr writes it, an element a line. */
const xml = (n: number, ...variables: string[]): string =>
  [
    '<?xml version="1.0"?>',
    '<cdr core-uuid="c">',
    '  <variables>',
    ...[`<uuid>${uuid(n)}</uuid>`, '<start_epoch>1795161600</start_epoch>', ...variables].map(each => `    ${each}`),
    '  </variables>',
    '  <callflow profile_index="1">',
    '    <caller_profile>',
    '      <caller_id_number>0401234567</caller_id_number>',
    '      <destination_number>0931570000</destination_number>',
    '    </caller_profile>',
    '  </callflow>',
    '</cdr>',
    '',
  ].join('\n');

/** As mod_json_cdr writes it. */
const json = (n: number): string =>
  `${JSON.stringify({ variables: { uuid: uuid(n), start_epoch: '1795161600' }, callflow: [] }, null, '\t')}\n`;

const read = async (text: string) => {
  const { items, failed } = await importText(CONFIG, text, { name: 'a.cdr' });
  return { items, failed, ids: items.map(({ externalId }) => externalId?.at(-1)).join('') };
};
const bytesOf = ({ raw }: Failed): string => raw?.bytes?.toString() ?? '';

const ODD = [
  '<1>a%20b</1>',
  '<set api_hangup_hook>lua%20x.lua</set api_hangup_hook>',
  '<^^,default_language>en</^^,default_language>',
  '<sip_full_via>SIP/2.0 <sip:100@pbx.example> & "x"</sip_full_via>',
  '<empty/>',
  '<duration>60</duration>',
];

describe('calllog: documents of FreeSWITCH that are no good XML', () => {
  it('are read where a variable’s name is no name of XML’s, or its text isn’t escaped', async () => {
    for (const odd of [...ODD.slice(0, 4), ODD.join('\n')]) {
      const text = xml(1, odd, '<duration>60</duration>', '<hangup_cause>A&amp;B</hangup_cause>');
      const { items, failed } = await read(text);
      expect(failed, odd).to.deep.equal([]);
      expect(items[0], odd).to.deep.include({ direction: 'inbound', externalId: uuid(1) });
      expect(items[0]?.raw?.bytes?.toString(), odd).to.equal(text.trim());
    }
    const { details } = callsOf((await read(xml(1, ...ODD, '<hangup_cause>A&amp;B</hangup_cause>'))).items)[0] ?? {};
    expect(details?.call.legs[0]).to.deep.include({ durationSeconds: 60, state: 'a&b' });
  });

  it('are each one in quarantine when they are damaged, whole, and take none of their neighbours with them', async () => {
    for (const write of [xml, json]) {
      const cut = write(2).slice(0, -30);
      const alone = await read(cut);
      expect(alone.items).to.deep.equal([]);
      expect(alone.failed.map(bytesOf)).to.deep.equal([cut]);
      const among = await read(`${write(1)}${cut}\n${write(3)}${write(4)}${cut}`);
      expect(among.ids).to.equal('134');
      expect(among.failed.map(bytesOf)).to.deep.equal([cut, cut]);
    }
  });

  it('are read one by one of a list with one that is damaged', async () => {
    const list = (...of: string[]) => `<?xml version="1.0"?>\n<cdrs>\n${of.join('')}</cdrs>\n`;
    const one = (n: number) => xml(n).replace(/^.*\n/, '');
    expect((await read(list(one(1), one(2)))).ids).to.equal('12');
    const { ids, failed } = await read(list(one(1), one(2).replace('</variables>', ''), one(3)));
    expect([ids, failed.length]).to.deep.equal(['13', 1]);
  });

  it('one a line are read with what can’t be read between them', async () => {
    const lines = [1, 2, 3].flatMap(n => [xml(n).replaceAll('\n', ''), JSON.stringify(JSON.parse(json(n + 3))), 'x y']);
    const { ids, failed } = await read(lines.join('\r\n'));
    expect(ids).to.equal('142536');
    expect(failed.map(bytesOf)).to.deep.equal(['x y', 'x y', 'x y']);
  });
});

describe('calllog: what is no record of a call', () => {
  const post = (body: string) =>
    connector.receive?.(accountOf({ ...CONFIG, username: 'switch', password: 'secret' }), {
      method: 'POST',
      path: 'cdr',
      query: '',
      headers: { authorization: `Basic ${btoa('switch:secret')}` },
      body: Buffer.from(body),
    });

  it('is in quarantine, also where it is good XML or JSON', async () => {
    for (const text of [
      '<html><body/></html>',
      '<?xml version="1.0"?>',
      '<cdrs></cdrs>',
      '<call>\n  <uuid>x</uuid>\n</call>',
      '[]',
    ]) {
      const { items, failed } = await read(text);
      expect([items.length, failed.length], text).to.deep.equal([0, 1]);
      const posted = await post(text);
      expect(posted, text).to.deep.include({ items: [] });
      expect(posted?.failed, text).to.have.length(1);
    }
    const { ids, failed } = await read(`[${json(1)}, 5, "x"]`);
    expect([ids, failed.map(bytesOf)]).to.deep.equal(['1', ['5', '"x"']]);
  });

  it('is one of very many attributes or tags, which isn’t parsed', async () => {
    const many = (write: (n: number) => string) => Array.from({ length: 200_000 }, (_, n) => write(n)).join(' ');
    for (const text of [`<cdr ${many(n => `a${n}="1"`)}></cdr>`, `<cdr>${many(n => `<a${n}>1</a${n}>`)}</cdr>`]) {
      const started = performance.now();
      expect(freeswitchDocuments(text)).to.equal(null);
      expect(performance.now() - started).to.be.below(500);
      expect((await post(text))?.failed).to.have.length(1);
    }
  });
});
