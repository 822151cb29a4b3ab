import { expect } from 'chai';
import { readHeader } from '../../../connectors/transcripts/whatsapp/header.ts';
import { makeDesk } from './support.ts';

describe('transcripts: which chat of WhatsApp it is', () => {
  let desk: Awaited<ReturnType<typeof makeDesk>>;
  before(async () => {
    desk = await makeDesk();
  });
  after(() => desk.remove());

  const chatOf = async (name: string, lines: string[], agents: string[] = []): Promise<string | undefined> => {
    const { items } = await desk.take(name, lines.join('\n'), { config: { agents } });
    expect(items).to.have.length(lines.length);
    const [chat, ...more] = new Set(items.map(({ belongsTo }) => belongsTo));
    expect(more).to.eql([]);
    return chat;
  };
  const REMINDER = '12.11.2026 klo 9.00 - Firma Oy: Muistutus: huolto huomenna';
  const answerOf = (name: string) => `12.11.2026 klo 9.05 - ${name}: Kiitos`;

  it('without agents in the settings, two people who were written to in one minute have a chat each', async () => {
    const numbers = ['+358 40 1234567', '+358 40 1234568'];
    for (const named of [(who: string) => `WhatsApp Chat with ${who}.txt`, (who: string) => `${who.slice(-1)}.txt`]) {
      const chats = [];
      for (const who of numbers) chats.push(await chatOf(named(who), [REMINDER, answerOf(who)]));
      expect(new Set(chats).size).to.equal(2);
    }
  });

  it('such a chat is the same before and after the answer, and under another name of its file', async () => {
    const before = await chatOf('WhatsApp-keskustelu henkilön Päivi M kanssa.txt', [REMINDER]);
    const after = await chatOf('WhatsApp-keskustelu henkilön Päivi M kanssa (2).txt', [REMINDER, answerOf('Päivi M')]);
    expect(after).to.equal(before);
    expect(await chatOf('chat.txt', [REMINDER, answerOf('Päivi M')])).to.equal(before);
  });

  it('a chat that a customer began is the one it was, with agents in the settings and without', async () => {
    const name = 'WhatsApp Chat with Päivi.txt';
    const lines = [answerOf('Päivi'), '12.11.2026 klo 9.06 - Firma Oy: Ole hyvä'];
    const first = await chatOf(name, lines.slice(0, 1));
    expect(await chatOf(name, lines)).to.equal(first);
    expect(await chatOf('chat.txt', lines, ['Firma Oy'])).to.equal(first);
    expect(first).to.equal('whatsapp/chat/14b7c6544def3553fc09c1608fdb580d');
    const exact = ['[12.11.2026 klo 9.00.01] Päivi: Hei', '[12.11.2026 klo 9.00.09] Firma Oy: Hei'];
    expect(await chatOf('_chat.txt', exact)).to.equal(await chatOf('_chat.txt', exact, ['Firma Oy']));
  });

  it('what nothing tells apart goes to quarantine', async () => {
    const { items, failed } = await desk.take('chat.txt', REMINDER, { config: { agents: [] } });
    expect(items).to.eql([]);
    expect(failed.map(({ reason }) => reason)).to.have.length(1);
    expect(failed[0]?.reason).to.match(/^Only one person has written in it/);
  });

  it('a chat stays the same when its first message is deleted between two exports', async () => {
    const at = (second: number) => `[13.11.2026 klo 9.00.0${second}] `;
    const opening = `${at(0)}Päivi: \u200eViestit ja puhelut on salattu päästä päähän.`;
    const rest = [`${at(3)}Olli Agentti: Hei`, `${at(4)}Päivi: Onko sali vapaa?`];
    const before = await chatOf('_chat.txt', [opening, `${at(2)}Päivi: Moi`, ...rest], ['Olli Agentti']);
    for (const notice of ['Tämä viesti poistettiin.', 'This message was deleted.', 'Diese Nachricht wurde gelöscht.'])
      expect(
        await chatOf('_chat.txt', [opening, `${at(2)}Päivi: \u200e${notice}`, ...rest], ['Olli Agentti']),
        notice,
      ).to.equal(before);
  });

  it('knows whom a file is named after in several languages', async () => {
    const lines = ['12.11.2026 klo 9.00 - Olli Agentti: Hei'];
    const names = [
      'WhatsApp Chat - Päivi M.txt',
      'Conversa do WhatsApp com Päivi M.txt',
      'Discussion WhatsApp avec Päivi M.txt',
      'Chat de WhatsApp con Päivi M.txt',
      'WhatsApp-chatt med Päivi M (3).txt',
      'WhatsApp csevegés vele: Päivi M.txt',
    ];
    const chats = [];
    for (const name of names) chats.push(await chatOf(name, lines, ['Olli Agentti']));
    expect(new Set(chats).size).to.equal(1);
  });

  it('reads the times of older phones and of more languages', () => {
    const at = (line: string) => {
      const { year, month, day, hour, minute } = readHeader(`${line} - A: b`, 'dmy')?.time ?? {};
      return [year, month, day, hour, minute].join(' ');
    };
    for (const [line, hour] of [
      ['05.03.24, 10:15 vorm.', 10],
      ['05.03.24, 10:15 nachm.', 22],
      ['2024-03-05 10:15 fm', 10],
      ['2024-03-05 10:15 em', 22],
      ['05/03/2024 às 10:15', 10],
      ['05/03/2024 à 10:15', 10],
      ['2024. 03. 05. 10:15', 10],
      ['5. 3. 2024 10:15', 10],
    ] as const)
      expect(at(line), line).to.equal(`2024 3 5 ${hour} 15`);
  });
});
