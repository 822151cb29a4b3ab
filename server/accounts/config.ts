import { type Connector, IS_OURS, overlap } from '../../connectors/contract.ts';
import type { AccountDoc } from '../../models/accounts.ts';
import type { Principal } from '../access/principal.ts';
import type { Sealer } from '../access/secrets.ts';
import { type FieldError, FieldErrors } from '../errors.ts';
import { pointerTo } from '../json-pointer.ts';
import { identifierKey, normaliseIdentifier } from '../rules/identity.ts';
import { type Config, carriedElsewhere, folderAt, mergeConfig, splitSecrets, withSecrets } from './secrets.ts';

export interface ConfigDeps {
  connectors: ReadonlyMap<string, Connector>;
  sealer: Sealer;
  country: string;
  /** the hub's own folder */
  dataDir: string;
}

/** Who sets a config: accounts that it sees; null: all. */
export type Setter = Pick<Principal, 'accounts'>;

const faults = (paths: readonly string[], detail: string): FieldError[] =>
  paths.map(path => ({ pointer: pointerTo(['config', ...path.split('.')]), detail }));

/** An account's own addresses as they are compared, by what its connector reads in its config. */
const addressesOf = (connector: Connector, config: unknown, country: string): string[] =>
  (connector.addresses?.(config) ?? []).flatMap(value => {
    const address = normaliseIdentifier({ type: 'email', value }, { country });
    return address ? [identifierKey(address).slice('email:'.length)] : [];
  });

/** Configs of accounts: checked by their connector's schema, and stored with their secrets sealed. */
export const makeConfigs = ({ connectors, sealer, country, dataDir }: ConfigDeps) => {
  /** Throws FieldErrors for a connector that isn't there. */
  const connectorOf = (id: string): Connector => {
    const connector = connectors.get(id);
    if (connector) return connector;
    throw new FieldErrors([{ pointer: '/connector', detail: `expected one of: ${[...connectors.keys()].join(', ')}` }]);
  };

  /** The config as its connector's schema has it (JSON). Throws FieldErrors with each fault's place in the body. */
  const valid = (connector: Connector, config: Config): Config => {
    const parsed = connector.configSchema.safeParse(config);
    if (parsed.success) return JSON.parse(JSON.stringify(parsed.data)) as Config;
    throw new FieldErrors(
      parsed.error.issues.flatMap(issue => {
        const paths = issue.code === 'unrecognized_keys' ? issue.keys.map(key => [...issue.path, key]) : [issue.path];
        return paths.map(path => ({ pointer: pointerTo(['config', ...path]), detail: issue.message }));
      }),
    );
  };

  /** Whoever sets a folder reads what lies in it: that is for who sees all accounts, and none may be the hub's. Throws FieldErrors. */
  const checkFolders = async ({ folders = [] }: Connector, before: Config, after: Config, { accounts }: Setter) => {
    const others = folders.filter(path => folderAt(before, path) !== folderAt(after, path));
    if (others.length > 0 && accounts !== null)
      throw new FieldErrors(faults(others, 'only who sees all accounts may change this'));
    for (const path of folders) {
      const folder = folderAt(after, path);
      if (folder && (await overlap(folder, dataDir)))
        throw new FieldErrors(faults([path], `expected another folder: this one ${IS_OURS}`));
    }
  };

  /** A whole config of a new account: only who sees all accounts adds one. Throws FieldErrors. */
  const fresh = async (connector: Connector, config: Config): Promise<Config> => {
    const after = valid(connector, config);
    await checkFolders(connector, {}, after, { accounts: null });
    return after;
  };

  const secretsOf = ({ _id, sealed }: AccountDoc): Config => (sealed ? (sealer.open(_id, sealed) as Config) : {});

  /** What is stored of a whole config that is valid. */
  const sealed = (
    id: string,
    connector: Connector,
    config: Config,
  ): Pick<AccountDoc, 'config' | 'sealed' | 'addresses'> => {
    const { open, secrets } = splitSecrets(config, connector.secrets);
    return {
      config: open,
      sealed: Object.keys(secrets).length > 0 ? sealer.seal(id, secrets) : null,
      addresses: addressesOf(connector, config, country),
    };
  };

  /** The account's config with `changes` merged in: valid, its secrets with it, each for the server it was entered for. Throws FieldErrors. */
  const changed = async (doc: AccountDoc, changes: Config, who: Setter): Promise<Config> => {
    const connector = connectorOf(doc.connector);
    const secrets = secretsOf(doc);
    const after = valid(connector, mergeConfig(withSecrets(doc.config, secrets), changes));
    const carried = carriedElsewhere(secrets, connector.secretsGoTo ?? {}, { before: doc.config, changes, after });
    const detail = 'enter it again: it was given for another server, or for other settings of the connection';
    if (carried.length > 0) throw new FieldErrors(faults(carried, detail));
    await checkFolders(connector, doc.config, after, who);
    return after;
  };

  return { connectorOf, fresh, sealed, changed, secretsOf };
};
