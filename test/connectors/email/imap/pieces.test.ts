import { expect } from 'chai';
import fc from 'fast-check';
import { type Batch, ConnectorError } from '../../../../connectors/contract.ts';
import { addressesOf, configSchema, portOf } from '../../../../connectors/email/imap/config.ts';
import { explain, isDrop } from '../../../../connectors/email/imap/errors.ts';
import { planGroups } from '../../../../connectors/email/imap/fetch.ts';
import { makeOutlet } from '../../../../connectors/email/imap/outlet.ts';
import { compareDue, hasMore, readPosition, startOf } from '../../../../connectors/email/imap/position.ts';
import { toSets } from '../../../../connectors/email/imap/uids.ts';

const ascending = fc
  .uniqueArray(fc.integer({ min: 1, max: 4_000_000_000 }), { maxLength: 3000 })
  .map(uids => uids.sort((a, b) => a - b));

const expand = (sets: string[]): number[] =>
  sets.flatMap(set =>
    set.split(',').flatMap(range => {
      const [from = 0, to = from] = range.split(':').map(Number);
      return Array.from({ length: to - from + 1 }, (_, i) => from + i);
    }),
  );

const batch = (stream: string, n: number): Batch => ({ stream, items: [], failed: [], next: { n } });

describe('email: pieces of the IMAP side', () => {
  it('sequence sets name exactly the UIDs, none longer than a server takes', () => {
    fc.assert(
      fc.property(ascending, uids => {
        const sets = toSets(uids);
        expect(expand(sets)).to.deep.equal(uids);
        for (const set of sets) expect(set.length).to.be.below(8000);
      }),
      { numRuns: 50 },
    );
    expect(toSets([1, 2, 3, 5, 7, 8])).to.deep.equal(['1:3,5,7:8']);
  });

  it('groups hold every UID once, in order, large ones and fragile ones alone', () => {
    fc.assert(
      fc.property(ascending, fc.func(fc.integer({ min: 0, max: 9 })), (uids, kind) => {
        const large = new Set(uids.filter(uid => kind(uid) === 0));
        const alone = new Map(uids.filter(uid => kind(uid) === 1).map(uid => [uid, 0]));
        const groups = planGroups(uids, large, alone);
        expect(groups.flatMap(group => group.uids)).to.deep.equal(uids);
        for (const group of groups) {
          expect(group.uids.length).to.be.within(1, 100);
          if (group.uids.length > 1)
            for (const uid of group.uids) expect(large.has(uid) || alone.has(uid)).to.equal(false);
          expect(group.large).to.equal(large.has(group.uids[0] as number));
        }
      }),
      { numRuns: 50 },
    );
  });

  it('batches of a stream come out in the order they were sent, however long each is parsed', async () => {
    const outlet = makeOutlet();
    const { signal } = new AbortController();
    const sent = (async () => {
      for (let n = 0; n < 12; n++) {
        const place = await outlet.place(signal);
        const late = new Promise(resolve => setTimeout(resolve, (n * 7) % 20));
        outlet.send(
          place,
          n % 2 ? 'odd' : 'even',
          Promise.resolve(late).then(() => batch(n % 2 ? 'odd' : 'even', n)),
        );
      }
    })();
    const seen: Record<string, unknown[]> = { odd: [], even: [] };
    let count = 0;
    for await (const { stream, next } of outlet.batches()) {
      seen[stream]?.push(next.n);
      if (++count === 12) break;
    }
    await sent;
    expect(seen).to.deep.equal({ odd: [1, 3, 5, 7, 9, 11], even: [0, 2, 4, 6, 8, 10] });
  });

  it('no more than three batches are fetched ahead of the consumer', async () => {
    const outlet = makeOutlet();
    const ending = new AbortController();
    let taken = 0;
    const send = async () => {
      for (;;) {
        const place = await outlet.place(ending.signal);
        outlet.send(place, 's', Promise.resolve(batch('s', taken++)));
      }
    };
    const sending = send().catch(() => {});
    const batches = outlet.batches();
    await new Promise(resolve => setTimeout(resolve, 20));
    expect(taken).to.equal(3);
    await batches.next();
    await new Promise(resolve => setTimeout(resolve, 20));
    expect(taken).to.equal(4);
    ending.abort();
    await sending;
    await batches.return(undefined);
  });

  it('what was sent before a failure still comes out, then the failure', async () => {
    const outlet = makeOutlet();
    const place = await outlet.place(new AbortController().signal);
    outlet.send(place, 's', Promise.resolve(batch('s', 1)));
    await new Promise(resolve => setImmediate(resolve));
    outlet.fail(new Error('over'));
    const batches = outlet.batches();
    expect((await batches.next()).value?.next).to.deep.equal({ n: 1 });
    const error = await batches.next().catch(failure => failure);
    expect(error).to.have.property('message', 'over');
  });

  it('reads its own positions and no others', () => {
    const position = { ...startOf('7', '2024-01-01'), lastUid: 5, comparedAt: '2024-06-01T00:00:00.000Z', serial: 3 };
    expect(readPosition(JSON.parse(JSON.stringify(position)))).to.deep.equal(position);
    expect(readPosition(null)).to.equal(null);
    expect(readPosition({ offset: 3 })).to.equal(null);
    expect(hasMore(position, { uidValidity: '7', uidNext: 6 })).to.equal(false);
    expect(hasMore(position, { uidValidity: '7', uidNext: 7 })).to.equal(true);
    expect(hasMore(position, { uidValidity: '8', uidNext: 6 })).to.equal(true);
    expect(hasMore(position, {})).to.equal(true);
    expect(compareDue(position, '2024-01-01', Number.POSITIVE_INFINITY)).to.equal(false);
    expect(compareDue(position, null, Number.POSITIVE_INFINITY)).to.equal(true);
    expect(compareDue(position, '2024-01-01', 1000)).to.equal(true);
    const at = (ms: number) => ({ ...position, comparedAt: new Date(Date.now() + ms).toISOString() });
    expect(compareDue(at(-1000), '2024-01-01', 60_000)).to.equal(false);
    expect(compareDue(at(30_000), '2024-01-01', 60_000), 'a clock that was set back').to.equal(true);
  });

  const said: [object, string, RegExp][] = [
    [{ authenticationFailed: true, serverResponseCode: 'AUTHENTICATIONFAILED' }, 'stop', /user or password/],
    [
      { authenticationFailed: true, response: '[ALERT] Application-specific password required' },
      'stop',
      /app password/,
    ],
    [{ authenticationFailed: true, response: 'IMAP access is disabled for your domain' }, 'stop', /Switch IMAP on/],
    [{ authenticationFailed: true, serverResponseCode: 'UNAVAILABLE' }, 'retry', /just now/],
    [{ authenticationFailed: true, serverResponseCode: 'INUSE' }, 'retry', /just now/],
    [{ authenticationFailed: true, response: 'Too many simultaneous connections. (Failure)' }, 'retry', /just now/],
    [{ code: 'ENOTFOUND' }, 'retry', /name of the mail server is not known/],
    [{ code: 'ECONNRESET' }, 'retry', /broke/],
    [{ code: 'ETHROTTLE' }, 'retry', /throttling/],
    [{ code: 11000, message: 'E11000 duplicate key' }, 'retry', /failed/],
    [{ code: 'CERT_HAS_EXPIRED' }, 'retry', /has expired/],
    [{ message: 'Server does not support STARTTLS' }, 'stop', /does not offer STARTTLS/],
    [new ConnectorError('stop', 'Said before.'), 'stop', /^Said before\.$/],
    [new Error('whatever'), 'retry', /failed/],
  ];
  for (const [error, remedy, words] of said)
    it(`${JSON.stringify(error).slice(0, 70)}: ${remedy}`, () => {
      expect(explain(error)).to.have.property('remedy', remedy);
      expect(explain(error).words).to.match(words);
    });

  it('a mail is not blamed for a busy server, nor for a fault of ours', () => {
    const answered = { attributes: [{ type: 'ATOM', section: [{ type: 'ATOM', value: 'UNAVAILABLE' }] }] };
    const gone = { usable: false };
    expect(isDrop({ code: 'NoConnection' }, gone)).to.equal(true);
    expect(isDrop({ code: 'ECONNRESET' }, gone)).to.equal(true);
    expect(isDrop({ code: 'NoConnection', reason: 'Too many connections' }, gone)).to.equal(false);
    expect(isDrop({ code: 'ETHROTTLE', responseStatus: 'BAD' }, gone)).to.equal(false);
    expect(isDrop({ responseStatus: 'NO', response: answered }, gone)).to.equal(false);
    for (const code of ['ENOSPC', 'EMFILE']) expect(isDrop({ code }, { usable: true })).to.equal(false);
  });

  it('takes the config of DESIGN 10, and names what is wrong', () => {
    const config = configSchema.parse({ host: 'mail.example', user: 'tuki@talteen.example', password: 'x' });
    expect(portOf(config)).to.equal(993);
    expect(portOf({ ...config, security: 'starttls' })).to.equal(143);
    expect(addressesOf(config)).to.deep.equal(['tuki@talteen.example']);
    expect(addressesOf({ ...config, user: 'tuki', addresses: ['a@b.example'] })).to.deep.equal(['a@b.example']);
    expect(addressesOf({ ...config, user: 'tuki' })).to.deep.equal([]);
    const wrong = configSchema.safeParse({ host: '', port: 0, security: 'ssl', user: 'u', since: 'yesterday' });
    const fields = wrong.error?.issues.map(({ path }) => path.join('.'));
    expect(fields).to.include.members(['host', 'port', 'security', 'since']);
    const without = configSchema.safeParse({ host: 'h', user: 'u' });
    expect(without.error?.issues.map(({ path }) => path.join('.'))).to.deep.equal(['password']);
  });
});
