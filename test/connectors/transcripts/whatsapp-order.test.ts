import { expect } from 'chai';
import { makeDesk, shown } from './support.ts';

const BOTH = ['dmy', 'mdy'] as const;

describe('transcripts: in which order the dates of WhatsApp are, and what was pasted', () => {
  let desk: Awaited<ReturnType<typeof makeDesk>>;
  before(async () => {
    desk = await makeDesk();
  });
  after(() => desk.remove());

  const take = (lines: string[], dateOrder: 'dmy' | 'mdy' = 'dmy') =>
    desk.take('chat.txt', lines.join('\n'), { config: { dateOrder } });
  const CUSTOMER = '+358 40 1112222';
  const STRANGER = '+358 40 9999999';
  const at = (when: string, who: string, text: string) => `[${when}] ${who}: ${text}`;
  const chat = [
    at('12.11.26, 09:00:01', CUSTOMER, 'Ist der Saal frei?'),
    at('12.11.26, 09:02:10', 'Olli Agentti', 'Ja, frei'),
    at('12.11.26, 09:03:10', CUSTOMER, 'Schau:'),
  ];
  const copied = [at('10.11.26, 18:00:00', STRANGER, 'Ich will mein Geld'), at('10.11.26, 18:01:00', CUSTOMER, 'Nein')];
  const last = at('12.11.26, 09:04:10', CUSTOMER, 'Oje');

  it('nothing is taken in the other order, neither where days are missing nor where the chat goes back', async () => {
    const days = ['2/10/26, 9:00 AM - Ann: a', '2/28/26, 9:05 AM - Olli Agentti: b', '3/4/26, 9:05 AM - Ann: c'];
    const forward = [days[0] ?? '', days[2] ?? '', '3/4/26, 9:06 AM - Olli Agentti: d'];
    for (const lines of [days, forward]) {
      expect((await take(lines, 'mdy')).items).to.have.length(3);
      const { items, failed } = await take(lines);
      expect(items).to.eql([]);
      expect(failed.map(({ reason }) => reason)).to.eql([
        'Its dates are in order only with days and months the other way round than the settings say. Change "Order of dates", and hand it in again: nothing of it is taken so far.',
      ]);
    }
  });

  it('what fits both orders, or neither, is taken as the settings say', async () => {
    const short = ['5/3/26, 9:00 - Ann: a', '6/3/26, 9:00 - Ann: b'];
    const group = [
      '12/11/26, 9:00 - Messages are encrypted.',
      '5/3/26, 9:00 - Ann created group "Hall"',
      '12/11/26, 9:00 - Ann: a',
    ];
    for (const order of BOTH) {
      expect((await take(short, order)).items).to.have.length(2);
      expect((await take(group, order)).items).to.have.length(3);
    }
    // one line that somebody pasted
    const right = ['28/2/26, 9:00 - Ann: a', '2/28/26, 9:00 - Bo: pasted', '28/2/26, 9:01 - Olli Agentti: b'];
    const taken = await take(right);
    expect([taken.items.length, taken.failed.length]).to.eql([2, 1]);
  });

  it('messages that were copied from another chat stay in the message that they were pasted into', async () => {
    for (const lines of [
      [...chat, ...copied, last],
      [...chat, ...copied],
    ]) {
      const { items, failed } = await take(lines);
      expect(failed).to.eql([]);
      expect(items).to.have.length(lines.length - 2);
      expect(items[2]?.text).to.equal(['Schau:', ...copied].join('\n'));
      const people = items.flatMap(({ participants }) => participants.map(({ identifier }) => identifier.value));
      expect(people).not.to.include(STRANGER);
    }
  });

  it('what came late is a message of whoever has written in the chat, and so is all on a phone whose clock was wrong', async () => {
    const late = at('10.11.26, 18:00:00', CUSTOMER, 'Hallo?');
    const answered = await take([...chat, late, last]);
    expect(answered.items.map(shown)[3]).to.eql([`from ${CUSTOMER}`, 'message', 'inbound', 'Hallo?']);
    const wrong = [at('12.11.36, 09:00:00', 'Olli Agentti', 'Hei'), ...chat, last];
    expect((await take(wrong)).items).to.have.length(5);
  });
});
