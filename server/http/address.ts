import type { IncomingMessage } from 'node:http';
import type { Express } from 'express';
import { ipKeyGenerator } from 'express-rate-limit';

/** Whom a request that doesn't pass through the app (a socket's) is from, as the app says it of its own (TALTEEN_TRUST_PROXY); of IPv6, the network. */
export const makeAddressOf =
  (app: Express) =>
  ({ headers, socket }: IncomingMessage): string => {
    const request = Object.create(app.request, { headers: { value: headers }, socket: { value: socket } });
    return ipKeyGenerator(request.ip ?? '');
  };
