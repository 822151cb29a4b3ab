import { Readable } from 'node:stream';
import { expect } from 'chai';
import { batchOf, mailItem } from '../../support/capture.ts';
import { mail, sha256, startApp, type TestApp } from './support.ts';

const bytesOf = (text: string) => {
  const bytes = Buffer.from(text, 'latin1');
  return {
    type: 'message/rfc822',
    size: bytes.length,
    sha256: sha256(bytes),
    bytes,
    open: () => Readable.from([bytes]),
  };
};
const at = (minute: number) => new Date(Date.UTC(2026, 10, 1, 10, minute));
const part = (name: string, type: string, size: number) => ({ name, type, size, open: () => Readable.from([]) });

const FIRST = 'head of A|hello part|<b>html</b>';
const SECOND = 'head of B|hello part|<b>html</b>';

describe('http: reading', () => {
  let app: TestApp;
  let contact: string;
  let item: string;
  let limited: string;

  before(async () => {
    app = await startApp();
    const filed = mailItem(1, {
      occurredAt: at(1),
      raw: bytesOf(FIRST),
      parts: [part('tärkeä "1".txt', 'text/plain; charset=x', 10), part('page.html', 'text/html', 11)],
      html: '<p>hello</p>',
      headers: 'Subject: Subject 1',
      details: { automated: 'list' },
    });
    filed.participants.push({ role: 'bcc', identifier: { type: 'email', value: 'hidden@kuusilahti.example' } });
    const many = Array.from({ length: 60 }, (_, i) =>
      mailItem(i + 2, {
        occurredAt: at(2 + Math.floor(i / 3)),
        channel: i % 5 === 0 ? 'sms' : 'email',
        direction: i % 2 ? 'inbound' : 'outbound',
      }),
    );
    await app.hub.take([batchOf([filed, ...many])], { account: 'a', connector: mail });
    await app.hub.take(
      [batchOf([{ ...filed, raw: bytesOf(SECOND), sighting: { folder: 'Sent', uidValidity: '3', uid: 9 } }])],
      { account: 'b', connector: mail },
    );
    await app.hub.take(
      [batchOf([mailItem(99, { parties: [], unlinkedReason: 'internal mail', occurredAt: at(50) })])],
      { account: 'a', connector: mail },
    );
    const found = await app.as('GET', 'contacts?q=paivi');
    contact = found.body.items[0].id;
    item = (await app.models.interactions.findOne({ sourceKey: 'key-1' }).lean())?._id ?? '';
    limited = (await app.access.tokens.create({ name: 'b only', role: 'agent', account: 'b' })).token;
  });
  after(() => app.close());

  const ids = (reply: { body: { items: { id: string }[] } }) => reply.body.items.map(({ id }) => id);

  describe('timeline', () => {
    it('pages through everything once, newest first', async () => {
      const seen: string[] = [];
      let times: string[] = [];
      let before = '';
      do {
        const { status, body } = await app.as('GET', `contacts/${contact}/timeline?limit=7${before}`);
        expect(status).to.equal(200);
        seen.push(...body.items.map(({ id }: { id: string }) => id));
        times = [...times, ...body.items.map(({ occurredAt }: { occurredAt: string }) => occurredAt)];
        before = body.next === null ? '' : `&before=${body.next}`;
      } while (before);
      expect(seen).to.have.length(61);
      expect(new Set(seen).size).to.equal(61);
      expect(times).to.eql([...times].sort().reverse());
    });

    it('shows what DESIGN 10 promises of an entry', async () => {
      const { body } = await app.as('GET', `contacts/${contact}/timeline?files=true`);
      expect(body.items).to.have.length(1);
      expect(body.items[0]).to.deep.include({
        contact,
        interaction: item,
        event: null,
        channel: 'email',
        direction: 'inbound',
        files: true,
        from: 'Päivi Mäkelä',
        occurredAt: at(1).toISOString(),
        subject: 'Subject 1',
      });
      expect(body.items[0].retention).to.have.all.keys(
        'policy',
        'policyVersion',
        'purpose',
        'legalBasis',
        'trigger',
        'period',
        'triggerAt',
        'keepUntil',
      );
    });

    it('filters by channel, direction and dates, and counts the same', async () => {
      const count = async (query: string) =>
        ids(await app.as('GET', `contacts/${contact}/timeline?limit=200&${query}`)).length;
      expect(await count('channel=sms')).to.equal(12);
      expect(await count('channel=sms,email')).to.equal(61);
      expect(await count('channel=sms&direction=outbound')).to.equal(6);
      expect(await count(`from=${at(2).toISOString()}`)).to.equal(60);
      expect(await count(`to=${at(2).toISOString()}`)).to.equal(1);
      expect(await count('from=2026-11-01&to=2026-11-01')).to.equal(61);
      expect(await count('to=2026-10-31')).to.equal(0);
      expect(await count('from=2026-11-02')).to.equal(0);
      const { body } = await app.as('GET', `contacts/${contact}/timeline/counts?channel=sms`);
      expect(body.total).to.eql({ count: 12, more: false });
      expect(body.channels).to.eql({ email: { count: 49, more: false }, sms: { count: 12, more: false } });
      expect(body.directions).to.eql({ inbound: { count: 6, more: false }, outbound: { count: 6, more: false } });
      expect(body.files).to.eql({ true: { count: 0, more: false }, false: { count: 12, more: false } });
    });

    it('lists what belongs to nobody, and links it', async () => {
      const { body } = await app.as('GET', 'unlinked');
      expect(body.items).to.have.length(1);
      expect(body.items[0]).to.include({ contact: null, reason: 'internal mail' });
      expect(body.items[0].retention.policy).to.equal('unlinked');
      const path = `timeline/${encodeURIComponent(body.items[0].id)}/contact`;
      expect((await app.as('PUT', path, { json: { contact: 'none' } })).body.errors[0].pointer).to.equal('/contact');
      const other = (await app.as('POST', 'contacts', { json: { name: { first: 'Aino' } } })).body.id;
      const linked = await app.as('PUT', path, { json: { contact: other } });
      expect(linked.status).to.equal(200);
      expect(linked.body).to.include({ contact: other, reason: null });
      expect(linked.body.retention.policy).to.equal('customer-relationship');
      expect(ids(await app.as('GET', 'unlinked'))).to.eql([]);
      expect(ids(await app.as('GET', `contacts/${other}/timeline`))).to.eql([linked.body.id]);
      expect((await app.as('GET', `contacts/${other}`)).body.lastEntry.at).to.equal(at(50).toISOString());
      expect((await app.as('PUT', path, { json: { contact: other } })).status).to.equal(404);
      const moved = await app.as('PUT', `timeline/${encodeURIComponent(linked.body.id)}/contact`, {
        json: { contact },
      });
      expect(moved.body.contact).to.equal(contact);
      expect((await app.as('GET', `contacts/${other}`)).body.lastEntry).to.equal(null);
    });

    it('shows each interaction once after a merge, with the surviving contact', async () => {
      const lone = await app.as('POST', 'contacts', { json: { name: { first: 'Survivor' } } });
      await app.models.contacts.updateOne({ _id: contact }, { $set: { mergedInto: lone.body.id } });
      const double = await app.models.timeline.findOne({ contact, interaction: item }).lean();
      await app.models.timeline.create({ ...double, _id: `${item}:${lone.body.id}`, contact: lone.body.id });
      try {
        for (const id of [contact, lone.body.id]) {
          const reply = await app.as('GET', `contacts/${id}/timeline?limit=200`);
          expect(ids(reply)).to.have.length(62);
          expect(new Set(reply.body.items.map((entry: { contact: string }) => entry.contact))).to.eql(
            new Set([lone.body.id]),
          );
        }
        let pages = 0;
        let before = '';
        do {
          const { body } = await app.as('GET', `contacts/${contact}/timeline?limit=1${before}`);
          before = body.next === null ? '' : `&before=${body.next}`;
          pages++;
        } while (before);
        expect(pages).to.equal(62);
        expect((await app.as('GET', `contacts/${contact}/timeline/counts`)).body.total.count).to.equal(62);
      } finally {
        await app.models.contacts.updateOne({ _id: contact }, { $set: { mergedInto: null } });
        await app.models.timeline.deleteOne({ _id: `${item}:${lone.body.id}` });
      }
    });
  });

  describe('interactions', () => {
    it('lists them newest captured first, page by page, by account and channel', async () => {
      const seen: string[] = [];
      let before = '';
      do {
        const { body } = await app.as('GET', `interactions?limit=25${before}`);
        expect(body.items[0]).to.not.have.any.keys('text', 'html');
        seen.push(...body.items.map(({ id }: { id: string }) => id));
        before = body.next === null ? '' : `&before=${body.next}`;
      } while (before);
      expect(new Set(seen).size).to.equal(62);
      expect(seen).to.have.length(62);
      expect(ids(await app.as('GET', 'interactions?account=b'))).to.eql([item]);
      expect(ids(await app.as('GET', 'interactions?channel=sms&limit=200'))).to.have.length(12);
      expect(ids(await app.as('GET', 'interactions?account=none'))).to.eql([]);
    });

    it('shows one with all that it says, and who it was as of now', async () => {
      const { body } = await app.as('GET', `interactions/${item}`);
      expect(body).to.deep.include({
        id: item,
        account: 'a',
        accounts: ['a', 'b'],
        channel: 'email',
        automated: 'list',
        html: '<p>hello</p>',
        headers: 'Subject: Subject 1',
        text: 'mail 1',
        truncated: false,
        status: null,
        notice: null,
        original: { type: 'message/rfc822', size: FIRST.length, sha256: sha256(FIRST) },
        revisions: [],
      });
      expect(body.participants.map(({ role, contact: who }: { role: string; contact: string }) => [role, who])).to.eql([
        ['from', contact],
        ['to', null],
        ['bcc', null],
      ]);
      expect(body.parts.map(({ n, name, size }: { n: number; name: string; size: number }) => [n, name, size])).to.eql([
        [1, 'tärkeä "1".txt', 10],
        [2, 'page.html', 11],
      ]);
      expect(
        body.sightings.map(({ account, folder, sha256: hash }: Record<string, string>) => [account, folder, hash]),
      ).to.eql([
        ['a', 'INBOX', sha256(FIRST)],
        ['b', 'Sent', sha256(SECOND)],
      ]);
    });

    it('answers text that is too long for its document whole', async () => {
      const text = 'ä1'.repeat(400_000);
      await app.hub.take([batchOf([mailItem(500, { text, body: 'long' })])], { account: 'c', connector: mail });
      const id = ids(await app.as('GET', 'interactions?account=c'))[0];
      const { body } = await app.as('GET', `interactions/${id}`);
      expect(body.text === text).to.equal(true);
      expect(body.truncated).to.equal(false);
    });

    it('shows of another account neither where it lies nor its bytes nor its Bcc', async () => {
      const see = (path: string) => app.send('GET', path, { token: limited });
      const { body } = await see(`interactions/${item}`);
      expect(body.accounts).to.eql(['b']);
      expect(body.participants.map(({ role }: { role: string }) => role)).to.eql(['from', 'to']);
      expect(body.sightings.map(({ account }: { account: string }) => account)).to.eql(['b']);
      expect(body.original).to.eql({ type: 'message/rfc822', size: SECOND.length, sha256: sha256(SECOND) });
      expect(body.headers).to.equal(null);
      expect((await see(`interactions/${item}/raw`)).bytes.toString()).to.equal(SECOND);
      expect((await see(`interactions/${item}/raw?sha256=${sha256(FIRST)}`)).status).to.equal(404);
      expect((await see(`interactions/${item}/parts/1`)).bytes.toString()).to.equal('hello part');
      expect(ids(await see(`contacts/${contact}/timeline`))).to.have.length(1);
      expect((await see(`contacts/${contact}/timeline/counts`)).body.total.count).to.equal(1);
      expect(ids(await see('interactions'))).to.eql([item]);
      const hidden = (await app.as('GET', 'interactions?account=a&channel=sms')).body.items[0].id;
      for (const path of [`interactions/${hidden}`, `interactions/${hidden}/raw`, `interactions/${hidden}/parts/1`]) {
        expect((await see(path)).status, path).to.equal(404);
      }
      const entry = encodeURIComponent(`${hidden}:${contact}`);
      expect(
        (await app.send('PUT', `timeline/${entry}/contact`, { token: limited, json: { contact } })).status,
      ).to.equal(404);
    });
  });

  describe('bytes', () => {
    const get = (path: string, headers: Record<string, string> = {}) =>
      app.as('GET', `interactions/${item}/${path}`, { headers });

    it('come as an attachment that nothing runs, named as it was', async () => {
      const text = await get('parts/1');
      expect(text.bytes.toString()).to.equal('hello part');
      expect(text.headers.get('content-type')).to.equal('text/plain');
      expect(text.headers.get('content-disposition')).to.equal(
        `attachment; filename="t_rke_ _1_.txt"; filename*=UTF-8''t%C3%A4rke%C3%A4%20%221%22.txt`,
      );
      const html = await get('parts/2');
      expect(html.headers.get('content-type')).to.equal('application/octet-stream');
      expect(html.headers.get('x-content-type-options')).to.equal('nosniff');
      expect(html.headers.get('content-security-policy')).to.equal("default-src 'none'; sandbox");
      expect((await get('parts/3')).status).to.equal(404);
      expect((await get('parts/01')).status).to.equal(404);
    });

    it('/raw is byte for byte what a source held, by its hash too', async () => {
      expect((await get('raw')).bytes.toString('latin1')).to.equal(FIRST);
      expect((await get(`raw?sha256=${sha256(SECOND)}`)).bytes.toString('latin1')).to.equal(SECOND);
      expect((await get(`raw?sha256=${'0'.repeat(64)}`)).status).to.equal(404);
      expect((await get('raw?sha256=xyz')).status).to.equal(400);
      expect((await app.as('HEAD', `interactions/${item}/raw`)).headers.get('content-length')).to.equal(
        String(FIRST.length),
      );
    });

    it('honours ranges of originals and of parts', async () => {
      for (const [path, whole] of [
        ['raw', FIRST],
        ['parts/1', 'hello part'],
      ] as const) {
        const size = whole.length;
        for (const [range, from, to] of [
          ['bytes=0-0', 0, 0],
          ['bytes=2-4', 2, 4],
          ['bytes=5-', 5, size - 1],
          ['bytes=-3', size - 3, size - 1],
          ['bytes=2-9999', 2, size - 1],
          ['bytes=-9999', 0, size - 1],
        ] as const) {
          const reply = await get(path, { range });
          expect(reply.status, range).to.equal(206);
          expect(reply.bytes.toString(), `${path} ${range}`).to.equal(whole.slice(from, to + 1));
          expect(reply.headers.get('content-range')).to.equal(`bytes ${from}-${to}/${size}`);
        }
        const beyond = await get(path, { range: `bytes=${size}-` });
        expect(beyond.status).to.equal(416);
        expect(beyond.headers.get('content-range')).to.equal(`bytes */${size}`);
        for (const range of ['bytes=0-1,3-4', 'lines=1-2', 'bytes=x', 'bytes=5-2', 'bytes=-']) {
          const reply = await get(path, { range });
          expect([reply.status, reply.bytes.toString()], range).to.eql([200, whole]);
        }
        const { headers } = await get(path);
        expect((await get(path, { range: 'bytes=0-1', 'if-range': headers.get('etag') ?? '' })).status).to.equal(206);
        expect((await get(path, { range: 'bytes=0-1', 'if-range': '"other"' })).status).to.equal(200);
      }
    });

    it('of over a megabyte come from GridFS, in ranges too', async () => {
      const body = `big|${'0123456789'.repeat(250_000)}`;
      await app.hub.take(
        [batchOf([mailItem(600, { raw: bytesOf(body), parts: [part('b.bin', 'application/zip', 2_500_000)] })])],
        { account: 'd', connector: mail },
      );
      const id = ids(await app.as('GET', 'interactions?account=d'))[0];
      expect(sha256((await app.as('GET', `interactions/${id}/raw`)).bytes)).to.equal(sha256(body));
      const range = await app.as('GET', `interactions/${id}/raw`, { headers: { range: 'bytes=1000004-1000013' } });
      expect(range.bytes.toString()).to.equal('0123456789');
      const piece = await app.as('GET', `interactions/${id}/parts/1`, { headers: { range: 'bytes=2499990-' } });
      expect(piece.bytes.toString()).to.equal('0123456789');
    });
  });

  describe('access log', () => {
    it('has a row for each read of a timeline or an interaction, by whom and of whom', async () => {
      await app.models.accessLog.deleteMany({});
      await app.as('GET', `contacts/${contact}/timeline`, { role: 'agent' });
      await app.as('GET', `interactions/${item}`, { role: 'agent' });
      await app.as('GET', `interactions/${item}/raw`, { role: 'agent' });
      await app.as('GET', `interactions/${item}/parts/1`, { role: 'agent' });
      const { body } = await app.as('GET', 'access-log', { role: 'privacy-officer' });
      expect(
        body.items.map(({ whoName, action, contact: of, interaction }: Record<string, string>) => [
          whoName,
          action,
          of,
          interaction,
        ]),
      ).to.have.deep.members([
        ['agent', 'timeline:read', contact, null],
        ['agent', 'interactions:read', null, item],
        ['agent', 'interactions:original', null, item],
        ['agent', 'interactions:part', null, item],
      ]);
      const paged = await app.as('GET', `access-log?limit=3`);
      const rest = await app.as('GET', `access-log?limit=3&before=${paged.body.next}`);
      expect(rest.body.items).to.have.length(1);
      expect((await app.as('GET', `access-log?contact=${contact}`)).body.items).to.have.length(1);
    });

    it('without its row nothing is disclosed: 503', async () => {
      const database = app.models.connection.getClient().db(app.models.connection.name);
      const accept = (validator: object) => database.command({ collMod: 'accessLog', validator });
      await accept({ never: { $exists: true } });
      try {
        for (const path of [
          `contacts/${contact}/timeline`,
          `contacts/${contact}/history`,
          `contacts/${contact}`,
          `interactions/${item}`,
          `interactions/${item}/raw`,
          `interactions/${item}/parts/1`,
          'interactions',
          'unlinked',
          'contacts',
        ]) {
          const reply = await app.as('GET', path);
          expect(reply.status, path).to.equal(503);
          expect(reply.bytes.toString()).to.not.match(/kuusilahti|Subject|hello/);
        }
      } finally {
        await accept({});
      }
      expect((await app.as('GET', `interactions/${item}`)).status).to.equal(200);
    });
  });
});
