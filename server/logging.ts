import pino, { type Logger } from 'pino';

/** Fields that may hold personal data or a secret, wherever somebody logs them by mistake. */
const REDACTED = ['password', 'token', 'secret', 'authorization', 'cookie', 'email', 'subject', 'text', 'html', 'name'];

/** JSON lines on stderr: stdout belongs to the one line that says where the hub listens. */
export const makeLog = (level: string): Logger =>
  pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: REDACTED.flatMap(field => [field, `*.${field}`]), censor: '[redacted]' },
    },
    pino.destination({ dest: 2, sync: true }),
  );

export type Log = Logger;
