import { randomBytes } from 'node:crypto';
import type { AccessLogDoc } from '../../models/access.ts';
import type { Models } from '../../models/index.ts';
import { native } from './native.ts';
import type { Principal } from './principal.ts';

const MOST_WAITING = 5000;

/** The access-log row couldn't be written: what was asked for must not be disclosed (503). */
export class AccessLogUnavailable extends Error {
  constructor(options?: ErrorOptions) {
    super('The access log can not be written.', options);
    this.name = 'AccessLogUnavailable';
  }
}

export interface Read {
  action: string;
  contact?: string | null;
  interaction?: string | null;
}

interface Waiting {
  row: AccessLogDoc;
  done(): void;
  failed(error: Error): void;
}

/** Ids grow with time, so that rows are added at one end of the index. */
const rowId = (at: Date): string => `${at.getTime().toString(16).padStart(12, '0')}${randomBytes(8).toString('hex')}`;

/**
 * Writes who read what. Each call resolves once its row is committed (majority, journal); rows that come while an insert is under
 * way share the next one, so that many readers don't wait in line for the journal. Rejects with AccessLogUnavailable.
 */
export const makeAccessLog = ({ models }: { models: Models }) => {
  let waiting: Waiting[] = [];
  let writing = false;

  const flush = async (): Promise<void> => {
    writing = true;
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      try {
        await native(models.accessLog).insertMany(
          batch.map(({ row }) => row),
          {
            ordered: false,
            writeConcern: { w: 'majority', j: true, wtimeoutMS: 3000 },
          },
        );
        for (const { done } of batch) done();
      } catch (cause) {
        for (const { failed } of batch) failed(new AccessLogUnavailable({ cause }));
      }
    }
    writing = false; // here, not after an await: a row that came in between would wait for ever
  };

  const record = (who: Principal, { action, contact = null, interaction = null }: Read): Promise<void> =>
    new Promise((done, failed) => {
      if (waiting.length >= MOST_WAITING) return failed(new AccessLogUnavailable());
      const at = new Date();
      waiting.push({
        row: { _id: rowId(at), at, who: who.id, whoName: who.name, action, contact, interaction },
        done,
        failed,
      });
      if (!writing) void flush();
    });

  return { record };
};

export type AccessLog = ReturnType<typeof makeAccessLog>;
