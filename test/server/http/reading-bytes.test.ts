import { expect } from 'chai';
import { batchOf, mailItem } from '../../support/capture.ts';
import { bytesOf, FIRST, part, SECOND, startReading } from './reading.ts';
import { mail, sha256, type TestApp } from './support.ts';

describe('http: reading bytes, and the access log', () => {
  let app: TestApp;
  let contact: string;
  let item: string;

  before(async () => {
    ({ app, contact, item } = await startReading());
  });
  after(() => app.close());

  const ids = (reply: { body: { items: { id: string }[] } }) => reply.body.items.map(({ id }) => id);

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
        const etag = headers.get('etag') ?? '';
        for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
          const unchanged = await get(path, { 'if-none-match': known, range: 'bytes=0-1' });
          expect([unchanged.status, unchanged.bytes.length, unchanged.headers.get('etag')], known).to.eql([
            304,
            0,
            etag,
          ]);
        }
        expect((await get(path, { 'if-none-match': '"other"' })).status).to.equal(200);
        expect((await app.as('GET', 'contacts', { headers: { 'if-none-match': '*' } })).status).to.equal(200);
      }
    });

    it('are told of by HEAD as a whole: a range is for GET only', async () => {
      const path = `interactions/${item}/raw`;
      for (const range of ['bytes=0-1', 'bytes=99999-']) {
        const { status, headers, bytes } = await app.as('HEAD', path, { headers: { range } });
        expect([status, bytes.length], range).to.eql([200, 0]);
        expect(headers.get('content-length')).to.equal(String(FIRST.length));
        expect(headers.get('content-range')).to.equal(null);
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
      await app.as('GET', `contacts/${contact}/timeline/counts`, { role: 'agent' });
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
        ['agent', 'timeline:counts', contact, null],
        ['agent', 'interactions:read', null, item],
        ['agent', 'interactions:original', null, item],
        ['agent', 'interactions:part', null, item],
      ]);
      const paged = await app.as('GET', `access-log?limit=3`);
      const rest = await app.as('GET', `access-log?limit=3&before=${paged.body.next}`);
      expect(rest.body.items).to.have.length(2);
      const whose = await app.as('GET', `access-log?contact=${contact}&limit=4`);
      expect(whose.body.items).to.deep.equal(body.items.slice(0, 4));
      const older = await app.as('GET', `access-log?contact=${contact}&before=${whose.body.next}`);
      expect(older.body).to.deep.equal({ items: body.items.slice(4), next: null });
      const { who } = body.items[0];
      expect((await app.as('GET', `access-log?contact=${contact}&who=${who}`)).body.items).to.have.length(5);
      expect((await app.as('GET', `access-log?contact=${contact}&who=nobody`)).body.items).to.deep.equal([]);
      expect((await app.as('GET', 'access-log?contact=nobody')).body.items).to.deep.equal([]);
    });

    it('has a row for an entry that is linked, before it is; without the row nothing is linked', async () => {
      const [entry] = (await app.as('GET', 'unlinked')).body.items;
      const path = `timeline/${encodeURIComponent(entry.id)}/contact`;
      const database = app.models.connection.getClient().db(app.models.connection.name);
      await database.command({ collMod: 'accessLog', validator: { never: { $exists: true } } });
      expect((await app.as('PUT', path, { json: { contact } })).status).to.equal(503);
      await database.command({ collMod: 'accessLog', validator: {} });
      expect(ids(await app.as('GET', 'unlinked'))).to.eql([entry.id]);
      const linked = await app.as('PUT', path, { role: 'agent', json: { contact } });
      expect(linked.body).to.include({ contact, subject: entry.subject });
      const rows = await app.models.accessLog.find({ action: 'timeline:link' }).lean();
      expect(rows.map(({ whoName, contact: of, interaction }) => [whoName, of, interaction])).to.eql([
        ['agent', contact, entry.interaction],
      ]);
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
