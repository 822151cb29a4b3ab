import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Account, type Connector, ConnectorError } from '../../connectors/contract.ts';
import type { AccountDoc } from '../../models/accounts.ts';
import type { Sealer } from '../access/secrets.ts';
import type { Log } from '../logging.ts';
import type { Ours } from './ours.ts';

export interface OpenDeps {
  connectors: ReadonlyMap<string, Connector>;
  sealer: Sealer;
  ours: Ours;
  dataDir: string;
  log: Log;
}

/** Lays sealed fields (dotted path → value) back into a config. */
export const withSecrets = (
  config: Record<string, unknown>,
  secrets: Record<string, unknown>,
): Record<string, unknown> => {
  const whole = structuredClone(config);
  for (const [path, value] of Object.entries(secrets)) {
    const fields = path.split('.');
    const last = fields.pop() as string;
    let at = whole;
    for (const field of fields) {
      at[field] ??= {};
      at = at[field] as Record<string, unknown>;
    }
    at[last] = value;
  }
  return whole;
};

/**
 * An account as its connector sees it. To be pulled, its config must be all that the connector needs to reach its source; a file
 * is imported without.
 */
export const makeOpenAccount =
  ({ connectors, sealer, ours, dataDir, log }: OpenDeps) =>
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
    };
  };

export type OpenAccount = ReturnType<typeof makeOpenAccount>;
