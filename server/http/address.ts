import type { IncomingMessage } from 'node:http';
import type { Express } from 'express';
import { ipKeyGenerator } from 'express-rate-limit';

/**
 * IP address of the sender of a request that doesn't pass through the app (a socket's), by the app's TALTEEN_TRUST_PROXY; for IPv6 the network (/56), as a rate
 * limiter's key.
 */
export const makeAddressOf =
  (app: Express) =>
  ({ headers, socket }: IncomingMessage): string => {
    const request = Object.create(app.request, { headers: { value: headers }, socket: { value: socket } });
    return ipKeyGenerator(request.ip ?? '');
  };
