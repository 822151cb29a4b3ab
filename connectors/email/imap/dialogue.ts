import { lookup } from 'node:dns/promises';
import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { type EmailConfig, portOf } from './config.ts';

/** Longest wait for each step of "test connection", ms. */
const PATIENCE = 15_000;

const coded = (code: string, message: string) => Object.assign(new Error(message), { code });

const event = (socket: Socket, name: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(coded('ETIMEDOUT', 'no answer in time')), PATIENCE);
    const settle = (end: () => void) => {
      clearTimeout(timer);
      end();
    };
    socket.once(name, () => settle(resolve));
    socket.once('error', error => settle(() => reject(error)));
    socket.once('close', () => settle(() => reject(coded('ECONNRESET', 'closed'))));
  });

/** IP addresses of the host. */
export const resolveHost = async ({ host }: EmailConfig): Promise<string[]> => {
  if (isIP(host)) return [host];
  return (await lookup(host, { all: true })).map(({ address }) => address);
};

/** Opens a plain connection. */
export const openTcp = async (config: EmailConfig): Promise<Socket> => {
  const socket = connect({ host: config.host, port: portOf(config) });
  // later errors are reported by the step that waits then
  socket.on('error', () => {});
  await event(socket, 'connect').catch(error => {
    socket.destroy();
    throw error;
  });
  return socket;
};

/** TLS on an open connection, with the certificate checked. */
export const startTls = async (config: EmailConfig, socket: Socket): Promise<TLSSocket> => {
  const name = config.tls?.servername ?? config.host;
  const secure = connectTls({
    socket,
    host: name,
    ...(!isIP(name) && { servername: name }),
    ...(config.tls?.ca && { ca: config.tls.ca }),
  });
  secure.on('error', () => {});
  await event(secure, 'secureConnect');
  return secure;
};

/** Reads lines up to the first for which `last` is true. Throws an error with code GREETING_TIMEOUT when none comes. */
const readLines = (socket: Socket, last: (line: string) => boolean): Promise<string[]> =>
  new Promise((resolve, reject) => {
    let text = '';
    const end = (settle: () => void) => {
      clearTimeout(timer);
      socket.off('data', take).off('close', closed);
      settle();
    };
    const closed = () => end(() => reject(coded('ClosedAfterConnectText', 'closed before it greeted')));
    const timer = setTimeout(() => end(() => reject(coded('GREETING_TIMEOUT', 'no greeting'))), PATIENCE);
    const take = (chunk: Buffer) => {
      text += chunk.toString('latin1');
      const lines = text.split(/\r?\n/).slice(0, -1);
      if (lines.some(last) || text.length > 65_536) end(() => resolve(lines));
    };
    socket.on('data', take).once('close', closed);
  });

/** The server's greeting (RFC 3501, section 7.1). Throws an error with code NOT_IMAP when the first line is none, GREETED_BYE when it turns us away. */
export const readGreeting = async (socket: Socket): Promise<string> => {
  const [line = ''] = await readLines(socket, () => true);
  if (/^\* BYE/i.test(line)) throw coded('GREETED_BYE', line);
  if (!/^\* (OK|PREAUTH)/i.test(line)) throw coded('NOT_IMAP', 'no IMAP greeting');
  return line;
};

/** Sends STARTTLS (RFC 3501, section 6.2.1). Throws an error with code NO_STARTTLS when the server declines. */
export const askStartTls = async (socket: Socket): Promise<void> => {
  const answer = readLines(socket, line => /^a1 /i.test(line));
  socket.write('a1 STARTTLS\r\n');
  if (!(await answer).some(line => /^a1 OK/i.test(line))) throw coded('NO_STARTTLS', 'does not support STARTTLS');
};
