import { expect } from 'chai';
import { makeDesk, shown } from './support.ts';

describe('transcripts: lines of WhatsApp', () => {
  let desk: Awaited<ReturnType<typeof makeDesk>>;
  before(async () => {
    desk = await makeDesk();
  });
  after(() => desk.remove());

  it('lines of another form than the file’s are pasted, and go on with their message', async () => {
    const said = async (...lines: string[]) => (await desk.take('chat.txt', lines.join('\n'))).items.map(shown);
    const pasted = [
      '20.11.2026 klo 10.10 - Matti: hei',
      '20.11.26, 10:11 - Matti: joo',
      '[11/20/26, 10:12:00] Matti: ok',
      '[20.11.2026, 10:13:00] Matti: ok',
    ];
    expect(
      await said('[20.11.2026 klo 10.15.42] Päivi: Asiakas kirjoitti:', ...pasted, '[20.11.2026 klo 9.16.00] Bo: ei'),
    ).to.eql([
      ['from Päivi', 'message', 'inbound', ['Asiakas kirjoitti:', ...pasted].join('\n')],
      ['from Bo', 'message', 'inbound', 'ei'],
    ]);
    const [own = '', ...foreign] = pasted;
    expect(await said('20.11.2026 klo 10.15 - Päivi: Näin:', ...foreign, own)).to.eql([
      ['from Päivi', 'message', 'inbound', ['Näin:', ...foreign].join('\n')],
      ['from Matti', 'message', 'inbound', 'hei'],
    ]);
  });

  it('a message of half a million line separators takes no longer than any other', async () => {
    const { items } = await desk.take('chat.txt', `20.11.2026 klo 10.15 - A: ${'\u2028'.repeat(500_000)}`);
    expect(items[0]?.text).to.have.length(500_000);
  });

  it('a name may have quotes; what WhatsApp says of a quoted name is nobody’s', async () => {
    const said = async (line: string) => {
      const [item] = (await desk.take('WhatsApp Chat with Bo.txt', line)).items;
      const writer = item?.participants.find(({ role }) => role !== 'to');
      return item && [writer?.name ?? null, item.message?.kind, item.text];
    };
    const IOS = '[20.11.2026 klo 10.16.00] ';
    const ANDROID = '20.11.2026 klo 10.16 - ';
    for (const author of ['Matti "Mara" M', '„Mara“', 'Matti «Mara» M', 'Matti ”Mara” M'])
      for (const at of [IOS, ANDROID])
        expect(await said(`${at}${author}: terve: "no"`), author).to.eql([author, 'message', 'terve: "no"']);
    expect(await said(`${IOS}5" levy: terve`)).to.eql(['5" levy', 'message', 'terve']);
    for (const line of ['Matti loi ryhmän "Talo: 3"', 'Matti vaihtoi nimen "Talo" nimeksi ”Koti: 3”'])
      for (const at of [ANDROID, `${IOS}\u200e`]) expect(await said(at + line), line).to.eql([null, 'system', line]);
    const marked = `${IOS}Matti "Mara" M: \u200eMatti loi ryhmän "Talo: 3"`;
    expect(await said(marked)).to.eql([null, 'system', 'Matti loi ryhmän "Talo: 3"']);
  });

  it('who has no name is somebody all the same, and their chat the one it was', async () => {
    const lines = ['20.10 - Olli Agentti: Moi', '20.11 - ~: Haloo', '20.12 - ~\u200e\u00a0: Kuuluuko'];
    const text = lines.map(line => `13.3.2026 klo ${line}`).join('\n');
    const { items } = await desk.take('WhatsApp Chat with Talo.txt', text);
    expect(items.map(shown)).to.eql([
      ['agent Olli Agentti', 'message', 'outbound', 'Moi'],
      ['from ~', 'message', 'inbound', 'Haloo'],
      ['from ~', 'message', 'inbound', 'Kuuluuko'],
    ]);
    const before = await desk.take('WhatsApp Chat with Talo.txt', text.split('\n')[0] ?? '');
    expect(before.items[0]).to.include({ sourceKey: items[0]?.sourceKey, belongsTo: items[0]?.belongsTo });
  });

  it('left-out media, calls and deleted messages are whose they are, in any language', async () => {
    const at = (second: number) => `[27.3.2026, 21:41:0${second}] `;
    const mark = '\u200e';
    const lines = [
      `${at(0)}Talo: ${mark}Zprávy a hovory jsou šifrované.`,
      `${mark}${at(1)}Dmitry S: ${mark}obrázek vynechán`,
      `${mark}${at(2)}Olli Agentti: ${mark}изображение отсутствует`,
      `${at(3)}Dmitry S: Haló`,
      `${at(4)}Olli Agentti: Ano`,
      `${at(5)}Dmitry S: ${mark}Diese Nachricht wurde gelöscht.`,
      `${at(6)}Olli Agentti: ${mark}Sprachanruf. ${mark}12 Min.`,
      `${at(7)}${mark}Dmitry S: ${mark}Bo hat die Gruppe verlassen`,
    ];
    const { items } = await desk.take('_chat.txt', lines.join('\r\n'));
    expect(items.map(one => shown(one).slice(0, 3))).to.eql([
      ['to Dmitry S', 'system', 'inbound'],
      ['from Dmitry S', 'message', 'inbound'],
      ['agent Olli Agentti', 'message', 'outbound'],
      ['from Dmitry S', 'message', 'inbound'],
      ['agent Olli Agentti', 'message', 'outbound'],
      ['from Dmitry S', 'system', 'inbound'],
      ['agent Olli Agentti', 'system', 'outbound'],
      ['from Dmitry S', 'system', 'inbound'],
    ]);
  });

  it('a chat in which only we wrote waits for an answer, unless its file is named after who it is with', async () => {
    const ours = '12.11.2026 klo 9.00 - Olli Agentti: Vuosihuolto 1.12.';
    for (const name of ['_chat.txt', '_chat (1).txt', 'chat.txt']) {
      const { items, failed } = await desk.take(name, ours);
      expect(items).to.eql([]);
      expect(failed[0]?.reason).to.match(/^Nobody but your own people has written in it/);
    }
    const answered = await desk.take('_chat.txt', `${ours}\n12.11.2026 klo 9.05 - Päivi: Sopii`);
    const named = await desk.take('WhatsApp Chat with Päivi.txt', ours);
    expect(named.items[0]?.belongsTo).to.equal(answered.items[0]?.belongsTo);
  });

  it('times are of the hub’s zone, where the settings name none', async () => {
    const line = '20.11.2026 klo 10.15 - Päivi: hei';
    const at = async (config: object) =>
      (await desk.take('chat.txt', line, { config, zone: 'America/New_York' })).items[0]?.occurredAt.toISOString();
    expect(await at({})).to.equal('2026-11-20T15:15:00.000Z');
    expect(await at({ timezone: 'Europe/Helsinki' })).to.equal('2026-11-20T08:15:00.000Z');
  });
});
