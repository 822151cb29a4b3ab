import { expect } from 'chai';
import { batchOf, mailItem } from '../../support/capture.ts';
import { at, FIRST, SECOND, startReading } from './reading.ts';
import { mail, sha256, type TestApp, TOKENS } from './support.ts';

describe('http: reading', () => {
  let app: TestApp;
  let contact: string;
  let item: string;
  let limited: string;

  before(async () => {
    ({ app, contact, item, limited } = await startReading());
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

    it('refuses a direction that there is none of', async () => {
      const asked = (query: string) => app.as('GET', `contacts/${contact}/timeline?direction=${query}`);
      expect((await asked('outbound,internal')).status).to.equal(200);
      for (const query of ['up', 'inbound,up', 'Inbound']) {
        const { status, body } = await asked(query);
        expect(status, query).to.equal(400);
        expect(body.errors).to.have.length(1);
        expect(body.errors[0]).to.include({ pointer: '/direction', parameter: 'direction' });
      }
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

    it('unlinks it again: back with its reason and its own tag, both steps in the history', async () => {
      const [unlinked] = await app.models.timeline.find({ reason: 'internal mail' }).lean();
      const whose = (await app.as('POST', 'contacts', { json: { name: { first: 'Undone' } } })).body.id;
      const put = (id: string, to: string | null) =>
        app.as('PUT', `timeline/${encodeURIComponent(id)}/contact`, { json: { contact: to } });
      const before = await put(unlinked?._id ?? '', null);
      expect(before.body).to.include({ contact: null, reason: 'internal mail' });
      const linked = await put(before.body.id, whose);
      expect(linked.body).to.include({ contact: whose, reason: null });
      const back = await put(linked.body.id, null);
      expect(back.status).to.equal(200);
      expect(back.body).to.eql(before.body);
      expect(back.body.retention.policy).to.equal('unlinked');
      expect(ids(await app.as('GET', 'unlinked'))).to.eql([before.body.id]);
      expect(ids(await app.as('GET', `contacts/${whose}/timeline`))).to.eql([]);
      expect((await app.as('GET', `contacts/${whose}`)).body.lastEntry).to.equal(null);
      const rows = await app.models.history.find({ id: whose, 'changes.field': 'timeline' }).sort({ at: 1 }).lean();
      expect(rows.map(({ changes }) => changes[0])).to.eql([
        { field: 'timeline', old: null, new: unlinked?.interaction },
        { field: 'timeline', old: unlinked?.interaction, new: null },
      ]);
      expect((await put(back.body.id, null)).body).to.eql(back.body);
      expect((await put(linked.body.id, null)).status).to.equal(404);
      expect((await put(back.body.id, contact)).status).to.equal(200);
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

    it('says in the list all that it says of one, but for what was written', async () => {
      for (const token of [TOKENS.administrator, limited]) {
        const see = (path: string) => app.send('GET', path, { token });
        const { text, html, headers, truncated, canAnswer, ...rest } = (await see(`interactions/${item}`)).body;
        expect((await see('interactions?account=b')).body.items).to.eql([rest]);
      }
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
      expect(body.account).to.equal('b');
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
});
