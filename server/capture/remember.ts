import type { AccountDoc } from '../../models/accounts.ts';
import type { Models } from '../../models/index.ts';
import type { Sealer } from '../access/secrets.ts';
import { type Config, splitSecrets } from '../accounts/secrets.ts';

const TRIES = 20;

/**
 * `Account.remember` of an account that was opened with `config`: the secrets at `paths` are replaced where they still are what
 * this account was opened with, or was told to remember since; an administrator's newer ones stay. Throws when MongoDB does.
 */
export const makeRemember = (
  { models, sealer }: { models: Models; sealer: Sealer },
  id: string,
  paths: readonly string[],
  config: Config,
) => {
  const own = new Map(
    Object.entries(splitSecrets(config, paths).secrets).map(([path, value]) => [path, new Set([value])]),
  );

  /** False when somebody else was quicker. */
  const replace = async (patch: Config): Promise<boolean> => {
    const account = await models.accounts.findById(id).lean<AccountDoc>();
    if (!account?.sealed) return true; // deleted, or only tried out
    const secrets = sealer.open(id, account.sealed) as Config;
    const ours = Object.entries(patch).filter(([path]) => own.get(path)?.has(secrets[path]));
    if (ours.length === 0) return true;
    const sealed = sealer.seal(id, { ...secrets, ...Object.fromEntries(ours) });
    const { matchedCount } = await models.accounts.updateOne({ _id: id, sealed: account.sealed }, { $set: { sealed } });
    return matchedCount === 1;
  };

  return async (patch: object): Promise<void> => {
    const { secrets } = splitSecrets(patch as Config, paths);
    for (const [path, value] of Object.entries(secrets)) own.get(path)?.add(value);
    for (let tries = TRIES; tries > 0; tries--) if (await replace(secrets)) return;
    throw new Error('The secrets of the account change all the time.');
  };
};
