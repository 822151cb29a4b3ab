import type { AccessLogDoc } from '../../models/access.ts';
import type { Models } from '../../models/index.ts';
import { durable } from '../../models/schema.ts';
import { makeGroupInsert } from '../store/group-insert.ts';
import { newId } from '../store/ids.ts';
import { native } from '../store/native.ts';
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
  quarantined?: AccessLogDoc['quarantined'];
}

/** Writes who read what. Each call resolves once its row is committed (majority, journal). Rejects with AccessLogUnavailable. */
export const makeAccessLog = ({ models }: { models: Models }) => {
  const insert = makeGroupInsert(native(models.accessLog), {
    writeConcern: { ...durable, wtimeout: 3000 },
    mostWaiting: MOST_WAITING,
  });

  const record = async (
    who: Principal,
    { action, contact = null, interaction = null, quarantined = null }: Read,
  ): Promise<void> => {
    const at = new Date();
    const _id = newId(at.getTime());
    const row = { _id, at, who: who.id, whoName: who.name, action, contact, interaction, quarantined };
    await insert([row]).catch(cause => {
      throw new AccessLogUnavailable({ cause });
    });
  };

  return { record };
};

export type AccessLog = ReturnType<typeof makeAccessLog>;
