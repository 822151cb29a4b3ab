import { createServer, type Server } from 'node:http';
import type { AddressInfo, LookupFunction } from 'node:net';
import { expect } from 'chai';
import { makeOutgoing, type Outgoing, OutgoingRefused } from '../../../server/access/outgoing.ts';
import { isPrivateAddress } from '../../../server/access/outgoing-hosts.ts';

describe('access: outgoing', () => {
  let server: Server;
  let port: number;
  let seen: { url: string; method: string; authorization: string | undefined }[];
  const open: Outgoing[] = [];
  const outgoing = (listed: string[], lookup?: LookupFunction): Outgoing => {
    const made = makeOutgoing({ listed, ...(lookup ? { lookup } : {}) });
    open.push(made);
    return made;
  };
  /** A name server that says `address` for every name. */
  const saying = (...addresses: string[]): LookupFunction & { asked: number } => {
    const lookup = Object.assign(
      ((_host, options, done) => {
        const address = addresses[Math.min(lookup.asked++, addresses.length - 1)] as string;
        if (options.all) done(null, [{ address, family: 4 }]);
        else done(null, address, 4);
      }) as LookupFunction,
      { asked: 0 },
    );
    return lookup;
  };
  const refusal = async (work: Promise<unknown>): Promise<string> => {
    const error = await work.then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(error).to.be.instanceOf(OutgoingRefused);
    return (error as Error).message;
  };

  before(async () => {
    server = createServer((req, res) => {
      seen.push({ url: req.url ?? '', method: req.method ?? '', authorization: req.headers.authorization });
      const to = new URL(req.url ?? '', 'http://x').searchParams.get('to');
      if (to) res.writeHead(302, { location: to }).end();
      else res.end('hello');
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    ({ port } = server.address() as AddressInfo);
  });
  beforeEach(() => {
    seen = [];
  });
  after(async () => {
    await Promise.all(open.map(one => one.close()));
    server.close();
  });

  it('reaches what is listed, private too, on the port that is listed', async () => {
    const { fetch } = outgoing([`127.0.0.1:${port}`]);
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).to.equal('hello');
    expect(await refusal(outgoing(['127.0.0.1:1']).fetch(`http://127.0.0.1:${port}/`))).to.include('not on the list');
    expect(await (await outgoing(['127.0.0.1']).fetch(`http://127.0.0.1:${port}/`)).text()).to.equal('hello');
    expect(
      await (await outgoing([`hub.test:${port}`], saying('127.0.0.1')).fetch(`http://HUB.test:${port}/`)).text(),
    ).to.equal('hello');
  });

  it('reaches nothing else', async () => {
    const { fetch, fetchFor } = outgoing([]);
    await refusal(fetch(`http://127.0.0.1:${port}/`));
    await refusal(fetch('file:///etc/passwd'));
    await refusal(fetchFor(['api.provider.example'])('http://api.provider.example.evil.test/'));
    expect(seen).to.eql([]);
  });

  it("lets a provider's name lead to public addresses only, by whatever way the address is written", async () => {
    const at = (host: string) => `http://${host}:${port}/`;
    for (const host of [
      '127.0.0.1',
      '[::1]',
      '[::ffff:127.0.0.1]',
      '0x7f.1',
      '2130706433',
      '169.254.169.254',
      '0.0.0.0',
    ]) {
      expect(await refusal(outgoing([]).fetchFor([new URL(at(host)).hostname])(at(host))), host).to.match(/private/);
    }
    const lookup = saying('127.0.0.1');
    expect(await refusal(outgoing([], lookup).fetchFor(['provider.test'])(at('provider.test')))).to.match(
      /resolves to a private/,
    );
    expect(lookup.asked).to.equal(1);
    expect(seen).to.eql([]);
  });

  it('connects to the address that was checked: a second answer changes nothing', async () => {
    const lookup = saying('203.0.114.1', '127.0.0.1');
    const error = await outgoing([], lookup)
      .fetchFor(['rebind.test'])(`http://rebind.test:${port}/`, { signal: AbortSignal.timeout(300) })
      .then(
        () => null,
        (reason: unknown) => reason,
      );
    expect(error).to.be.instanceOf(Error);
    expect(lookup.asked).to.equal(1);
    expect(seen).to.eql([]);
  });

  it('follows redirects on the list only, without credentials to another origin, and not for ever', async () => {
    const { fetch } = outgoing([`127.0.0.1:${port}`, `localhost:${port}`]);
    const base = `http://127.0.0.1:${port}/`;
    const other = `http://localhost:${port}/end`;
    const to = (target: string) => `${base}?to=${encodeURIComponent(target)}`;
    const headers = { authorization: 'Bearer x' };
    await fetch(to('/same'), { headers });
    expect(seen.map(({ authorization }) => authorization)).to.eql(['Bearer x', 'Bearer x']);
    seen = [];
    expect(await (await fetch(to(other), { headers })).text()).to.equal('hello');
    expect(seen.at(-1)).to.eql({ url: '/end', method: 'GET', authorization: undefined });
    await refusal(fetch(to('http://10.0.0.1/')));
    await refusal(fetch(to('http://evil.test/')));
    const seven = Array.from({ length: 7 }).reduce((target: string) => to(target), '/');
    expect(await refusal(fetch(seven))).to.include('redirects');
    expect((await fetch(to('/x'), { method: 'POST', body: 'b' })).status).to.equal(302);
  });

  it('knows what is not public', () => {
    for (const address of [
      '10.1.2.3',
      '172.31.0.1',
      '192.168.1.1',
      '100.64.0.1',
      '169.254.1.1',
      '127.9.9.9',
      '0.1.2.3',
      '224.0.0.1',
      '255.255.255.255',
      '::',
      '::1',
      'fe80::1',
      'fd00::1',
      '::ffff:10.0.0.1',
      '64:ff9b::a00:1',
      '2002:a00:1::',
      'nonsense',
    ]) {
      expect(isPrivateAddress(address), address).to.equal(true);
    }
    for (const address of ['8.8.8.8', '172.32.0.1', '100.128.0.1', '2a00:1450::1', '::ffff:8.8.8.8']) {
      expect(isPrivateAddress(address), address).to.equal(false);
    }
  });
});
