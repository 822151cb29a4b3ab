import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect } from 'chai';
import { isFree } from '../../../server/demo/port.ts';

describe('isFree', () => {
  it('is false while somebody listens on the port, and true afterwards', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    expect(await isFree('127.0.0.1', port)).to.equal(false);
    server.close();
    await once(server, 'close');
    expect(await isFree('127.0.0.1', port)).to.equal(true);
  });
});
