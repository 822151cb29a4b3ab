import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Account, type Connector, ConnectorError } from '../../connectors/contract.ts';
import type { AccountDoc } from '../../models/accounts.ts';
import type { Models } from '../../models/index.ts';
import type { Sealer } from '../access/secrets.ts';
import { withSecrets } from '../accounts/secrets.ts';
import type { Log } from '../logging.ts';
import type { Ours } from './ours.ts';
import { makeRemember } from './remember.ts';

export interface OpenDeps {
  models: Models;
  connectors: ReadonlyMap<string, Connector>;
  sealer: Sealer;
  ours: Ours;
  dataDir: string;
  log: Log;
}

/**
 * An account as its connector sees it. To be pulled, its config must be all that the connector needs to reach its source; a file
 * is imported without.
 */
export const makeOpenAccount =
  ({ models, connectors, sealer, ours, dataDir, log }: OpenDeps) =>
  async (account: AccountDoc, { use }: { use: 'pull' | 'import' }): Promise<Account> => {
    const connector = connectors.get(account.connector);
    if (!connector) throw new ConnectorError('stop', `There is no connector "${account.connector}".`);
    const secrets = account.sealed ? (sealer.open(account._id, account.sealed) as Record<string, unknown>) : {};
    const config = withSecrets(account.config, secrets);
    const parsed = connector.configSchema.safeParse(config);
    if (use === 'pull' && !parsed.success) {
      const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
      throw new ConnectorError('stop', `The account's settings can't be used: ${faults}`);
    }
    await ours.refresh(); // another hub may have added an account since
    const spool = join(dataDir, 'spool', account._id, use);
    await mkdir(spool, { recursive: true, mode: 0o700 });
    const accountLog = log.child({ account: account._id, connector: connector.id });
    return {
      id: account._id,
      name: account.name,
      config: parsed.success ? parsed.data : config,
      ours: ours.sets,
      spool,
      log: {
        info: (data, message) => accountLog.info(data, message),
        warn: (data, message) => accountLog.warn(data, message),
      },
      remember: makeRemember({ models, sealer }, account._id, connector.secrets, config),
    };
  };

export type OpenAccount = ReturnType<typeof makeOpenAccount>;
