import pino, { type DestinationStream, type Logger } from 'pino';

/** Fields that may hold personal data or a secret, wherever somebody logs them by mistake. */
const REDACTED = ['password', 'token', 'secret', 'authorization', 'cookie', 'email', 'subject', 'text', 'html', 'name'];

/** JSON lines on stderr: stdout belongs to the one line that says where the hub listens. */
export const makeLog = (level: string, to: DestinationStream = pino.destination({ dest: 2, sync: true })): Logger =>
  pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: REDACTED.flatMap(field => [field, `*.${field}`]), censor: '[redacted]' },
    },
    to,
  );

/** For what has to be shown, once, and by no other way: a line of this log is written at any level, and says a password as it is. */
export const disclosing = (log: Logger): Logger => log.child({}, { level: 'info', redact: [] });

export type Log = Logger;
