import { expect } from 'chai';
import type { Captured, Connector } from '../../../connectors/contract.ts';
import { type Packed, zipOf } from '../../../connectors/transcripts/fixtures/zip.ts';
import { countsOf, freshStore, makeHub } from '../../support/capture.ts';
import { connector, makeDesk } from './support.ts';

const MARK = '\u200e';
const file = (name: string): Packed => ({ name, bytes: `bytes of ${name}` });

interface Export {
  name: string;
  bytes: Buffer | string;
}

/** A chat of Android: what stands for a file, with what was written with it below. */
const android = (files: readonly string[]): string => {
  const [first = '', second = '', third = '', fourth = ''] = files;
  const lines = [
    'klo 9.00 - +358 40 1234567: Hei',
    `klo 9.05 - +358 40 1234567: ${first}`,
    `klo 9.05 - +358 40 1234567: ${second}`,
    'Tällainen kartta',
    'klo 9.05 - +358 40 1234567: Näkyykö?',
    `klo 9.05 - Olli Agentti: ${third}`,
    `klo 9.05 - +358 40 1234567: ${fourth}`,
    'klo 9.05 - +358 40 1234567: Kiitos',
  ];
  return lines.map(line => (line.startsWith('klo') ? `12.11.2026 ${line}` : line)).join('\n');
};
const NAMES = ['IMG-1.jpg', 'IMG-2.jpg', 'IMG-3.jpg', 'PTT-4.opus'];
const ANDROID = android(NAMES.map(name => `${name} (tiedosto liitetty)`));
const androidWithout = (words: string): Export => ({ name: 'c.txt', bytes: android(NAMES.map(() => `<${words}>`)) });
const androidWith: Export = {
  name: 'c.zip',
  bytes: zipOf([{ name: 'WhatsApp Chat with Päivi.txt', bytes: ANDROID }, ...NAMES.map(file)]),
};

const IOS_NAMES = ['00000002-PHOTO-2026.jpg', '00000003-Lasku.pdf', '00000005-VIDEO-2026.mp4'];
const ios = ([photo, document, video]: readonly string[]): string => {
  const at = (second: number) => `[12.11.26, 09:00:0${second}] `;
  return [
    `${at(0)}Anna: Hei`,
    `${MARK}${at(1)}Anna: ${MARK}${photo}`,
    `${MARK}${at(1)}Anna: ${MARK}Lasku.pdf • ${MARK}1 Seite ${MARK}${document}`,
    `${at(2)}Olli Agentti: Danke`,
    `${MARK}${at(3)}Anna: So sieht es aus ${MARK}${video}`,
  ].join('\r\n');
};
const iosWithout = (...words: string[]): Export => ({ name: '_chat.txt', bytes: ios(words) });
const iosWith: Export = {
  name: '_chat.zip',
  bytes: zipOf([{ name: '_chat.txt', bytes: ios(IOS_NAMES.map(name => `<Anhang: ${name}>`)) }, ...IOS_NAMES.map(file)]),
};

describe('transcripts: a chat of WhatsApp, exported without its media and with them', () => {
  let desk: Awaited<ReturnType<typeof makeDesk>>;
  let beside: typeof desk;
  let store: Awaited<ReturnType<typeof freshStore>>;
  let hub: ReturnType<typeof makeHub>;
  before(async () => {
    [desk, beside] = [await makeDesk(), await makeDesk()];
    store = await freshStore();
    hub = makeHub(store);
  });
  afterEach(() => store.forget());
  after(async () => {
    await store.close();
    await Promise.all([desk.remove(), beside.remove()]);
  });

  /** In one batch, as out of a folder; answers how many are counted as stored. */
  const take = async (...exports: Export[]) => {
    const before = await countsOf(store.models, 'account1', 'chats');
    const items: Captured[] = [];
    for (const [at, { name, bytes }] of exports.entries())
      items.push(...(await (at % 2 ? beside : desk).take(name, bytes)).items);
    const batch = { stream: 'chats', items, failed: [], next: {} };
    await hub.take([batch], { account: 'account1', connector: connector as unknown as Connector });
    const after = await countsOf(store.models, 'account1', 'chats');
    return (after?.stored ?? 0) - (before?.stored ?? 0);
  };
  /** Each message: its words on one line, and the bytes of its files. */
  const told = async () => {
    const [interaction, ...more] = await store.models.interactions.find().lean();
    expect(more).to.eql([]);
    const messages = await store.models.messages.find().sort({ at: 1, seq: 1 }).lean();
    const bytesOf = async (n: number) => {
      const blob = interaction?.parts.find(part => part.n === n)?.blob ?? '';
      const opened = await hub.blobs.open(blob);
      return Buffer.concat((await opened?.stream.toArray()) ?? []).toString();
    };
    const shown = [];
    for (const { text, parts } of messages)
      shown.push([text.replace(/\n/g, ' / '), ...(await Promise.all(parts.map(({ n }) => bytesOf(n))))]);
    return shown;
  };
  /** What is there after both, whichever was first; the second time neither adds anything. */
  const inBothOrders = async (without: Export, complete: Export) => {
    const states = [];
    for (const order of [
      [without, complete],
      [complete, without],
    ]) {
      await store.forget();
      for (const one of order) await take(one);
      states.push(await told());
      for (const one of order) expect(await take(one)).to.equal(0);
      expect(await told()).to.eql(states.at(-1));
    }
    return states;
  };

  it('has each message once, those of one minute in their order, whichever export came first (Android)', async () => {
    const expected = [
      ['Hei'],
      ['IMG-1.jpg (tiedosto liitetty)', 'bytes of IMG-1.jpg'],
      ['IMG-2.jpg (tiedosto liitetty) / Tällainen kartta', 'bytes of IMG-2.jpg'],
      ['Näkyykö?'],
      ['IMG-3.jpg (tiedosto liitetty)', 'bytes of IMG-3.jpg'],
      ['PTT-4.opus (tiedosto liitetty)', 'bytes of PTT-4.opus'],
      ['Kiitos'],
    ];
    const without = androidWithout('Media jätettiin pois');
    for (const state of await inBothOrders(without, androidWith)) expect(state).to.eql(expected);
    await store.forget();
    await take(without, androidWith, without);
    expect(await told()).to.eql(expected);
    const [interaction] = await store.models.interactions.find().lean();
    expect(interaction?.parts.map(({ n, name }) => [n, name])).to.eql(NAMES.map((name, at) => [at + 1, name]));
    const [entry] = await store.models.timeline.find().lean();
    expect(entry).to.include({ files: true, preview: 'Kiitos', messages: 7 });
  });

  it('has each once, with its caption (iOS)', async () => {
    const without = iosWithout('Bild weggelassen', 'Dokument weggelassen', 'Video weggelassen');
    for (const state of await inBothOrders(without, iosWith))
      expect(state).to.eql([
        ['Hei'],
        ['<Anhang: 00000002-PHOTO-2026.jpg>', 'bytes of 00000002-PHOTO-2026.jpg'],
        [`Lasku.pdf • ${MARK}1 Seite <Anhang: 00000003-Lasku.pdf>`, 'bytes of 00000003-Lasku.pdf'],
        ['Danke'],
        ['So sieht es aus <Anhang: 00000005-VIDEO-2026.mp4>', 'bytes of 00000005-VIDEO-2026.mp4'],
      ]);
    const originals = await store.models.messages.find({ revisions: { $exists: true } } as never).lean();
    expect(originals.every(({ original, revisions = [] }) => original && revisions.length === 1)).to.equal(true);
  });

  it('has each once in whatever language the phone is', async () => {
    const words = [
      ...['Media omitted', 'Medien ausgeschlossen', 'Media jätetty pois', 'Médias omis', 'Multimedia omitido'],
      ...[
        'Mídia oculta',
        'Ficheiro não revelado',
        'Media omessi',
        'Media weggelaten',
        'Без медиафайлов',
        'Файл пропущен',
      ],
      ...['Pominięto multimedia', 'Media har utelämnats', 'Mediefil udeladt', 'Utelatt media', 'Média vynechána'],
      ...[
        'Hiányzó médiatartalom',
        'Meedia välja jäetud',
        'Medya dahil edilmedi',
        'メディアは含まれていません',
        '媒体文件已省略',
      ],
      ...['تم استبعاد الوسائط', 'Media tidak disertakan', 'Το πολυμέσο παραλήφθηκε'],
    ];
    const mediaOf = async (one: Export) => (await desk.take(one.name, one.bytes)).items.map(({ media }) => media);
    const expected = await mediaOf(androidWith);
    expect(expected.filter(media => media !== undefined)).to.have.length(4);
    for (const one of words) expect(await mediaOf(androidWithout(one)), one).to.eql(expected);
    const onPhone = await mediaOf(iosWith);
    for (const word of [
      'image omitted',
      'kuva jätettiin pois',
      'obrázek vynechán',
      'görüntü dahil edilmedi',
      'immagine omessa',
    ])
      expect(await mediaOf(iosWithout(word, word, word)), word).to.eql(onPhone);
  });

  const at = 'klo 9.05 - +358 40 1234567:';
  const chat = (...lines: string[]): Packed => ({
    name: 'WhatsApp Chat.txt',
    bytes: ['klo 9.00 - +358 40 1234567: Hei', ...lines].map(line => `12.11.2026 ${line}`).join('\n'),
  });
  const exported = (packed: Packed, ...files: string[]): Export => ({
    name: 'c.zip',
    bytes: zipOf([packed, ...files.map(file)]),
  });

  it('a caption that the export without media lacks comes with them, and is not lost by it', async () => {
    const without = exported(chat(`${at} <Media omitted>`, `${at} <Media omitted>`));
    const complete = exported(
      chat(`${at} a.jpg (file attached)`, `${at} b.jpg (file attached)\nTässä`),
      'a.jpg',
      'b.jpg',
    );
    for (const state of await inBothOrders(without, complete))
      expect(state).to.eql([
        ['Hei'],
        ['a.jpg (file attached)', 'bytes of a.jpg'],
        ['b.jpg (file attached) / Tässä', 'bytes of b.jpg'],
      ]);
    expect((await store.models.timeline.findOne().lean())?.preview).to.equal('b.jpg (file attached) Tässä');
  });

  it('other files and other captions are other messages, also where one before them was deleted', async () => {
    await take(exported(chat(`${at} <Media omitted>\nEka`, `${at} <Media omitted>\nToka`)));
    await take(
      exported(chat(`${at} a.jpg (file attached)\nEka`, `${at} b.jpg (file attached)\nToka`), 'a.jpg', 'b.jpg'),
    );
    const both = await told();
    await take(exported(chat(`${at} b.jpg (file attached)\nToka`), 'b.jpg'));
    expect(await told()).to.eql(both);
    await take(exported(chat(`${at} c.jpg (file attached)`), 'c.jpg'));
    expect(await told()).to.eql([...both, ['c.jpg (file attached)', 'bytes of c.jpg']]);
  });

  it('what was taken before places were known is not doubled, and has its files once it came again as it was', async () => {
    const without = androidWithout('Media omitted');
    await take(without);
    await store.models.messages.collection.updateMany({}, { $unset: { also: 1, words: 1 } });
    expect(await take(without)).to.equal(0);
    expect(await take(androidWith)).to.equal(4);
    expect(await store.models.messages.countDocuments()).to.equal(7);
    await store.models.messages.collection.updateMany({}, { $unset: { also: 1, words: 1 } });
    expect(await take(without)).to.equal(0);
  });
});
