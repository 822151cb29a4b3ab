import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { io, type Socket } from 'socket.io-client';
import { makeAddressOf } from '../../../server/http/address.ts';
import type { HttpDeps } from '../../../server/http/deps.ts';
import { makeHandleErrors } from '../../../server/http/errors.ts';
import { visitorRouter } from '../../../server/http/routes/visitor.ts';
import { makeLiveAccounts } from '../../../server/live/accounts.ts';
import { makeLiveFiles } from '../../../server/live/files.ts';
import { makeLive } from '../../../server/live/index.ts';
import type { MOST_VISITORS } from '../../../server/live/places.ts';
import type { makeUnnamed } from '../../../server/live/unnamed.ts';
import { makeLog } from '../../../server/logging.ts';
import { openHub } from '../../connectors/chat/support.ts';

interface Bounds {
  unnamed?: ReturnType<typeof makeUnnamed>;
  mostVisitors?: typeof MOST_VISITORS;
}

/** The live side of a hub again, beside it and behind one proxy, with bounds that are reached sooner. */
export const openLive = async ({ mostVisitors, ...bounds }: Bounds) => {
  const hub = await openHub();
  const { core } = hub.hub;
  const own = { ...core, log: makeLog('silent'), publicUrl: undefined, hasRoom: () => true };
  const [accounts, files] = [makeLiveAccounts(own), makeLiveFiles({ ...core, ...bounds })];
  const app = express().set('trust proxy', 1);
  app.use('/visitor', visitorRouter(own as unknown as HttpDeps, { accounts, files })).use(makeHandleErrors(own.log));
  const http = createServer(app);
  const live = makeLive({
    ...own,
    http,
    live: accounts,
    files,
    addressOf: makeAddressOf(app),
    present: () => null,
    ...(mostVisitors ? { mostVisitors } : {}),
  });
  await once(http.listen(0, '127.0.0.1'), 'listening');
  const address = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const sockets: Socket[] = [];
  const connect = (namespace: string, auth: object, extraHeaders = {}): Socket => {
    const how = { transports: ['websocket'], forceNew: true, reconnection: false };
    const socket = io(`${address}${namespace}`, { ...how, auth, extraHeaders });
    sockets.push(socket);
    return socket;
  };
  const close = async (): Promise<void> => {
    for (const socket of sockets) socket.close();
    await live.stop();
    http.closeAllConnections();
    await hub.close();
  };
  return { address, account: await hub.account(), opened: hub.opened, connect, close };
};
