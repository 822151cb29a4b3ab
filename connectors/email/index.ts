import type { Connector } from '../contract.ts';
import { complete } from './complete.ts';
import { makeFileImports } from './files/index.ts';
import { makeFetchAgain } from './imap/again.ts';
import { addressesOf, configSchema, type EmailConfig, secrets, secretsGoTo } from './imap/config.ts';
import { makeLadder } from './imap/ladder.ts';
import type { Times } from './imap/live.ts';
import type { Fetch } from './imap/oauth.ts';
import { makePull } from './imap/pull.ts';
import { detailsSchema } from './parse/captured.ts';
import { openPart } from './parse/part.ts';
import { type MailPool, makeMailPool } from './parse/pool.ts';
import { makeReadMails } from './read.ts';
import { makeReparse } from './reparse.ts';

export { TOKEN_HOSTS } from './imap/oauth.ts';

/** What the hub gives the connector. */
export interface EmailOptions {
  /** for OAuth 2.0: reaches only hosts that the hub allows */
  fetch: Fetch;
  /** worker threads that parse; default 2 */
  workers?: number;
  /** waits and intervals, shorter in tests */
  times?: Partial<Times>;
}

/** The connector for e-mail: mailboxes by IMAP, and files. The worker threads start with the first mail. */
export const makeEmailConnector = ({ fetch, workers, times = {} }: EmailOptions): Connector<EmailConfig> => {
  let pool: MailPool | undefined;
  const started = (): MailPool => {
    pool ??= makeMailPool(workers === undefined ? {} : { size: workers });
    return pool;
  };
  const read = makeReadMails(started);
  return {
    id: 'email',
    label: 'E-mail',
    configSchema,
    secrets,
    secretsGoTo,
    detailsSchema,
    addresses: addressesOf,
    test: makeLadder({ fetch }),
    pull: makePull({ read, fetch, times }),
    fetchAgain: makeFetchAgain({ read, fetch }),
    ...makeFileImports(started),
    openPart,
    reparse: makeReparse(read),
    complete,
  };
};
