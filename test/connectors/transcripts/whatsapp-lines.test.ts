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
      const [item] = (await desk.take('chat.txt', line)).items;
      return item && [item.participants[0]?.name ?? null, item.message?.kind, item.text];
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
});
