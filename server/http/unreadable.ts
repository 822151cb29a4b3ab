import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { HttpProblem } from './problem.ts';

/** Answers by the code of the HTTP parser's error (nodejs.org/api/http.html, 'clientError'). */
const PROBLEMS = new Map<string | undefined, { status: number; detail: string }>([
  ['HPE_HEADER_OVERFLOW', { status: 431, detail: 'The address and the headers may have 16 KB together.' }],
  ['HPE_CHUNK_EXTENSIONS_OVERFLOW', { status: 413, detail: 'The chunks of the body say too much of themselves.' }],
  ['ERR_HTTP_REQUEST_TIMEOUT', { status: 408, detail: 'The headers stopped coming.' }],
]);
const NO_HTTP = { status: 400, detail: 'The request can not be read.' };

/** Answers requests that aren't valid HTTP, or too large, with a problem document, since Node's own answers have no body. */
export const answerUnreadable = (server: Server): void => {
  const current = new WeakMap<Socket, ServerResponse>();
  server.prependListener('request', (req, res) => current.set(req.socket, res));
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    const res = current.get(socket);
    const isAnswering = res?.headersSent && !res.writableFinished;
    if (!socket.writable || isAnswering) return socket.destroy();
    const { status, detail } = PROBLEMS.get(error.code) ?? NO_HTTP;
    const { document } = new HttpProblem(status, { detail });
    const body = JSON.stringify(document);
    const head = [
      `HTTP/1.1 ${status} ${document.title}`,
      'Content-Type: application/problem+json',
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Cache-Control: no-store',
      'Connection: close',
    ];
    socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
  });
};
