import { expect } from 'chai';
import { AMERICAN, FINNISH, GERMAN, PICTURE, whatsappZip } from '../../../connectors/transcripts/fixtures/exports.ts';
import { type Packed, zipOf } from '../../../connectors/transcripts/fixtures/zip.ts';
import { readHeader } from '../../../connectors/transcripts/whatsapp/header.ts';
import { bytesOf, makeDesk, shown } from './support.ts';

const CUSTOMER = '+358 40 1234567';

describe('transcripts: exports of WhatsApp', () => {
  let desk: Awaited<ReturnType<typeof makeDesk>>;
  before(async () => {
    desk = await makeDesk();
  });
  after(() => desk.remove());

  it('reads Android in Finnish: several lines, system lines, attachments by name, the same twice', async () => {
    const { items, failed } = await desk.take('WhatsApp-keskustelu.txt', FINNISH);
    expect(failed).to.deep.equal([]);
    expect(items.map(shown)).to.deep.equal([
      [
        `to ${CUSTOMER}`,
        'system',
        'inbound',
        'Viestit ja puhelut on salattu päästä päähän. Kukaan chatin ulkopuolinen ei voi lukea niitä.',
      ],
      [`from ${CUSTOMER}`, 'message', 'inbound', 'Hei, onko sali vapaa?\nTorstaina siis.\n\nTerv. Päivi'],
      ['agent Olli Agentti', 'message', 'outbound', 'On vapaa: klo 10.15 alkaen'],
      [`from ${CUSTOMER}`, 'message', 'inbound', 'IMG-20261112-WA0001.jpg (tiedosto liitetty)\nTällainen kartta'],
      [`from ${CUSTOMER}`, 'message', 'inbound', 'Kiitos'],
      [`from ${CUSTOMER}`, 'message', 'inbound', 'Kiitos'],
    ]);
    expect(new Set(items.map(({ sourceKey }) => sourceKey)).size).to.equal(6);
    expect(new Set(items.map(({ belongsTo }) => belongsTo)).size).to.equal(1);
    for (const item of items) {
      expect(item).to.include({ channel: 'whatsapp', kind: 'message', orElse: 'create' });
      const party = item.participants[item.parties?.[0] ?? -1];
      expect(party?.identifier).to.deep.equal({ type: 'phone', value: CUSTOMER });
      expect(item.parties).to.have.length(1);
    }
    expect(items[1]?.occurredAt.toISOString()).to.equal('2026-11-12T07:00:00.000Z');
    const raw = await bytesOf(items[1]?.raw?.open);
    expect(raw.toString()).to.equal(FINNISH.split('\n').slice(1, 5).join('\n'));
  });

  it('reads iOS in German: brackets, seconds, marks of direction, CRLF', async () => {
    const { items } = await desk.take('_chat.txt', GERMAN, { config: { timezone: 'Europe/Berlin' } });
    expect(items.map(shown)).to.deep.equal([
      ['from Anna Schmidt', 'system', 'inbound', 'Nachrichten und Anrufe sind Ende-zu-Ende-verschlüsselt.'],
      ['from Anna Schmidt', 'message', 'inbound', 'Ist der Saal frei?\nAm Donnerstag: ab 10:15'],
      ['from Anna Schmidt', 'message', 'inbound', '<Anhang: 00000003-PHOTO-2026-11-12-09-01-00.jpg>'],
      ['agent Olli Agentti', 'message', 'outbound', 'Ja, frei'],
      ['from Anna Schmidt', 'message', 'inbound', 'Bild weggelassen'],
    ]);
    expect(items[3]?.occurredAt.toISOString()).to.equal('2026-11-12T08:02:10.000Z');
    expect(items[0]?.parties).to.deep.equal([]);
    expect(items[0]?.unlinkedReason).to.equal('Of the people in this chat only their names are known.');
  });

  it('reads American dates and 12 hours; a file whose dates are in the other order is in quarantine whole', async () => {
    const right = await desk.take('chat.txt', AMERICAN, { config: { dateOrder: 'mdy', timezone: 'America/New_York' } });
    expect(right.items.map(({ occurredAt }) => occurredAt.toISOString())).to.deep.equal([
      '2026-11-12T14:00:00.000Z',
      '2026-11-12T05:05:00.000Z',
      '2026-11-12T17:15:00.000Z',
      '2026-11-25T18:00:00.000Z',
    ]);
    expect(right.items.at(-1)?.text).to.equal('<Media omitted>');
    const wrong = await desk.take('chat.txt', AMERICAN);
    expect(wrong.items).to.eql([]);
    expect(wrong.failed.map(({ reason }) => reason.slice(0, 50))).to.eql([
      'Its dates are in order only with days and months t',
    ]);
    expect((await bytesOf(wrong.failed[0]?.raw?.open)).toString()).to.equal(AMERICAN);
    expect(right.items[0]?.quarantinedAs).to.include(wrong.failed[0]?.locator);
  });

  it('knows every form of date and time', () => {
    const at = (line: string, order: 'dmy' | 'mdy' = 'dmy') => {
      const { year, month, day, hour, minute, second } = readHeader(`${line}A: b`, order)?.time ?? {};
      return [year, month, day, hour, minute, second].join(' ');
    };
    const noon = '2026 3 5 12 7 0';
    expect(at('5.3.2026 klo 12.07 - ')).to.equal(noon);
    expect(at('[5.3.2026 klo 12.07.09] ')).to.equal('2026 3 5 12 7 9');
    expect(at('05.03.26, 12:07 - ', 'mdy')).to.equal(noon);
    expect(at('05/03/2026, 12:07 - ')).to.equal(noon);
    expect(at('3/5/26, 12:07\u202fPM - ', 'mdy')).to.equal(noon);
    expect(at('[3/5/26, 12:07:00\u202fPM] ', 'mdy')).to.equal(noon);
    expect(at('5/3/2026, 12:07 p.\u00a0m. - ')).to.equal(noon);
    expect(at('05/03/2026, 12:07 pm - ')).to.equal(noon);
    expect(at('2026-03-05, 12:07 - ', 'mdy')).to.equal(noon);
    expect(at('05-03-2026 12:07 - ')).to.equal(noon);
    expect(at('3/5/26, 12:07 AM - ', 'mdy')).to.equal('2026 3 5 0 7 0');
    for (const none of [
      '5.3.2026',
      '12:07 - A: b',
      'Am 5.3.2026, 12:07 - A: b',
      '[5.3.2026] A: b',
      '5.3.2026 12.07 A: b',
    ])
      expect(readHeader(none, 'dmy')).to.equal(null);
    for (const wrong of ['31.2.2026, 10:00 - ', '5.3.2026, 24:00 - ', '5/3/26, 13:00 PM - ', '5.13.2026, 10:00 - '])
      expect(readHeader(`${wrong}A: b`, 'dmy')?.time, wrong).to.equal(null);
  });

  it('takes the earlier hour first when one is there twice', async () => {
    const lines = ['3.30 - A: 1', '3.50 - A: 2', '3.10 - A: 3', '4.10 - A: 4'];
    const { items } = await desk.take('chat.txt', lines.map(line => `25.10.2026 klo ${line}`).join('\n'));
    const told = (all: typeof items) => all.map(({ occurredAt }) => occurredAt.toISOString().slice(11, 16));
    expect(told(items)).to.deep.equal(['00:30', '00:50', '01:10', '02:10']);
    const spring = ['2.59 - A: 1', '4.01 - A: 3'].map(line => `29.3.2026 klo ${line}`);
    expect(told((await desk.take('chat.txt', spring.join('\n'))).items)).to.deep.equal(['00:59', '01:01']);
    const config = { timezone: 'Asia/Kolkata' };
    expect(told((await desk.take('chat.txt', spring.join('\n'), { config })).items)).to.deep.equal(['21:29', '22:31']);
  });

  it('takes media out of the zip, and says which are broken', async () => {
    const { items, failed } = await desk.take('WhatsApp Chat.zip', whatsappZip);
    expect(failed).to.deep.equal([]);
    const [part] = items[3]?.parts ?? [];
    expect(part).to.include({ name: 'IMG-20261112-WA0001.jpg', type: 'image/jpeg', size: PICTURE.length });
    expect((await bytesOf(part?.open)).equals(PICTURE)).to.equal(true);
    expect((await bytesOf(part?.open)).equals(PICTURE), 'again').to.equal(true);

    const broken: Packed[] = [
      { name: 'a/WhatsApp-keskustelu.txt', bytes: FINNISH },
      { name: 'a/IMG-20261112-WA0001.jpg', bytes: PICTURE, packed: Buffer.from('no deflate') },
      { name: '../../etc/cron.d/x', bytes: 'x' },
    ];
    const taken = await desk.take('WhatsApp Chat.zip', zipOf(broken));
    expect(taken.items.map(({ parts }) => parts.length)).to.deep.equal([0, 0, 0, 0, 0, 0]);
    expect(taken.failed.map(({ reason }) => reason)).to.have.members([
      'It is broken in the archive.',
      'Its name leads out of the archive.',
    ]);
  });

  it('a picture that was broken is taken with the sound archive, and its row is closed', async () => {
    const chat = { name: 'WhatsApp-keskustelu.txt', bytes: FINNISH };
    const picture = { name: 'IMG-20261112-WA0001.jpg', bytes: PICTURE };
    const broken = await desk.take('c.zip', zipOf([chat, { ...picture, packed: Buffer.from('no deflate') }]));
    const { items, failed } = await desk.take('c.zip', zipOf([chat, picture]));
    expect(failed).to.eql([]);
    const known = new Set(broken.items.map(({ sourceKey }) => sourceKey));
    const [added, ...more] = items.filter(({ sourceKey }) => !known.has(sourceKey));
    expect(more).to.eql([]);
    expect(added?.parts.map(({ name }) => name)).to.eql(['IMG-20261112-WA0001.jpg']);
    expect(broken.failed).to.have.length(1);
    expect(added?.quarantinedAs).to.include(broken.failed[0]?.locator);
    const bare = await desk.take('c.txt', FINNISH);
    expect(bare.items.map(({ sourceKey }) => sourceKey)).to.eql([...known]);
    const other = await desk.take(
      'c.zip',
      zipOf([{ ...chat, bytes: FINNISH.replaceAll('1234567', '7654321') }, picture]),
    );
    expect(other.items.flatMap(({ quarantinedAs = [] }) => quarantinedAs)).not.to.include(broken.failed[0]?.locator);
  });

  it('does not unpack bombs', async () => {
    const bomb = Array.from({ length: 40 }, (_, n) => ({ name: `${n}.txt`, bytes: 'x', saidSize: 100 * 2 ** 20 }));
    const { items, failed } = await desk.take('WhatsApp Chat.zip', zipOf(bomb));
    expect(items).to.deep.equal([]);
    expect(failed.map(({ reason }) => reason)).to.deep.equal([
      'Nothing of it is taken. It would grow out of all proportion when it is unpacked.',
    ]);
    const liar = zipOf([
      { name: '_chat.txt', bytes: FINNISH },
      { name: 'IMG-20261112-WA0001.jpg', bytes: Buffer.alloc(2 ** 20), saidSize: 10 },
    ]);
    const taken = await desk.take('WhatsApp Chat.zip', liar);
    expect(taken.items.flatMap(({ parts }) => parts)).to.deep.equal([]);
    expect(taken.failed.map(({ reason }) => reason)).to.deep.equal(['It is broken in the archive.']);
  });

  it('a longer export adds only what is new; the same with media adds what has a file now', async () => {
    const lines = FINNISH.trimEnd().split('\n');
    const keysOf = async (name: string, bytes: Buffer | string) =>
      (await desk.take(name, bytes)).items.map(({ sourceKey, belongsTo }) => `${belongsTo} ${sourceKey}`);
    const short = await keysOf('WhatsApp Chat with Päivi.txt', lines.slice(0, 6).join('\n'));
    const longer = await keysOf('chat (2).txt', FINNISH);
    expect(longer.slice(0, 3)).to.deep.equal(short);
    const withMedia = await keysOf('chat.zip', whatsappZip);
    expect(withMedia.filter(key => !longer.includes(key))).to.have.length(1);
    const other = await keysOf('chat.txt', FINNISH.replaceAll('1234567', '7654321'));
    expect(other.filter(key => longer.includes(key))).to.deep.equal([]);
  });

  it('a group is on the timeline of each whose number is known', async () => {
    const lines = ['9.00 - +358 40 1234567: Hei', '9.01 - Anna: Hei', '9.02 - \u202a+49 30 1234567\u202c: Hallo'];
    const { items } = await desk.take('chat.txt', lines.map(line => `12.11.2026 klo ${line}`).join('\n'));
    for (const { parties = [], participants } of items)
      expect(parties.map(index => participants[index]?.identifier.value)).to.have.members([
        '+358 40 1234567',
        '+49 30 1234567',
      ]);
  });

  it('a chat in which only we wrote is that of the number it is named after', async () => {
    const name = 'WhatsApp Chat with +358 40 1234567.txt';
    const { items } = await desk.take(name, '12.11.2026 klo 9.00 - Olli Agentti: Hei');
    expect(items[0]?.participants[1]?.identifier).to.deep.equal({ type: 'phone', value: CUSTOMER });
    expect(items[0]?.parties).to.deep.equal([1]);
  });

  it('what is no chat, or no part of one, is kept as it is', async () => {
    const none = await desk.take('notes.txt', 'Muista maito\n');
    expect(none.items).to.deep.equal([]);
    expect(none.failed.map(({ reason }) => reason)).to.deep.equal([
      'It is no chat exported from WhatsApp: no line begins with a date, a time and a name.',
    ]);
    expect((await bytesOf(none.failed[0]?.raw?.open)).toString()).to.equal('Muista maito\n');
    const before = await desk.take('chat.txt', `torstaina\n${FINNISH}`);
    expect(before.items).to.have.length(6);
    expect(before.failed.map(({ reason }) => reason)).to.deep.equal([
      'It does not belong to a message: before it there is no line that begins with a date.',
    ]);
    expect((await desk.take('empty.txt', '')).failed).to.have.length(1);
  });
});
