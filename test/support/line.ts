import { connect, createServer, type Server, type Socket } from 'node:net';
import { testMongod } from './mongod.ts';

const WRITES = ['insert', 'update', 'delete', 'findAndModify'].map(name => `\u0002${name}\0`);
const isWrite = (command: string): boolean => WRITES.some(one => command.includes(one));

/** A way to the MongoDB of the test run that can be cut, or left open with nothing coming through, or no writes. */
export const makeLine = async () => {
  const { uri } = await testMongod();
  const socketPath = decodeURIComponent(/^mongodb:\/\/([^/?]+)/.exec(uri)?.[1] ?? '');
  const open = new Set<Socket>();
  const sent: string[] = [];
  let state: 'open' | 'cut' | 'silent' | 'no writes' = 'open';
  const passes = (data: Buffer): boolean => {
    const command = data.toString('latin1');
    if (isWrite(command)) sent.push(command);
    return state === 'open' || (state === 'no writes' && !isWrite(command));
  };
  const server: Server = createServer(client => {
    open.add(client);
    client.on('close', () => open.delete(client)).on('error', () => undefined);
    if (state === 'cut') return client.destroy();
    const upstream = connect(socketPath);
    open.add(upstream);
    upstream.on('close', () => client.destroy()).on('error', () => undefined);
    client.on('close', () => upstream.destroy());
    client.on('data', data => passes(data) && upstream.write(data));
    upstream.on('data', data => state !== 'silent' && client.write(data));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return {
    sent,
    uri: `mongodb://127.0.0.1:${port}/?directConnection=true`,
    set: (next: typeof state) => {
      state = next;
      if (next === 'silent' || next === 'no writes') return;
      for (const socket of open) socket.destroy();
    },
    close: () => {
      for (const socket of open) socket.destroy();
      server.close();
    },
  };
};
