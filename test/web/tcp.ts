import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A way to a hub that can be cut, and led to another hub: what a network, or what stands before two hubs, does. */
export const makeWay = async (target: string) => {
  let to = new URL(target);
  let open = true;
  let upgrades = true;
  const sockets = new Set<Socket>();
  const server = createServer(incoming => {
    if (!open) return void incoming.destroy();
    const outgoing = connect(Number(to.port), to.hostname);
    for (const socket of [incoming, outgoing]) {
      sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    }
    incoming.once('data', first => {
      if (!upgrades && /^upgrade: websocket/im.test(first.toString('latin1')))
        return void incoming.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
      outgoing.write(first);
      incoming.pipe(outgoing).pipe(incoming);
    });
    incoming.on('close', () => outgoing.destroy());
    outgoing.on('close', () => incoming.destroy());
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** no connection stays, and none is made */
    cut: (): void => {
      open = false;
      cut();
    },
    mend: (): void => {
      open = true;
      upgrades = true;
    },
    /** HTTP goes on, WebSocket is refused: what some networks' proxies do */
    refuseUpgrades: (): void => {
      upgrades = false;
    },
    lead: (other: string): void => {
      to = new URL(other);
      cut();
    },
    close: async (): Promise<void> => {
      cut();
      await new Promise(resolve => server.close(resolve));
    },
  };
};
