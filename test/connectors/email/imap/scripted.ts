import type { ScriptedServer } from '../../../support/imap-script.ts';
import { mailOf } from './consumer.ts';

export const mails = (...uids: number[]) => uids.map(uid => ({ uid, bytes: mailOf(uid) }));
export const inbox = (...uids: number[]) => ({ INBOX: { uidValidity: 7, mails: mails(...uids) } });

/** The config of an account at a scripted server. */
export const configAt = (server: ScriptedServer | undefined, more: object = {}) => ({
  host: '127.0.0.1',
  port: server?.port,
  security: 'none',
  user: 'user',
  password: 'secret',
  ...more,
});
