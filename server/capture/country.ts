import type { Account } from '../../connectors/contract.ts';

/** The country (ISO 3166 alpha-2) of numbers without a prefix, where an account has one of its own. */
export const ownCountryOf = ({ config }: Pick<Account, 'config'>): string | undefined => {
  const own = (config as { defaultCountry?: unknown } | undefined)?.defaultCountry;
  return typeof own === 'string' ? own : undefined;
};

/** The country of numbers without a prefix: the account's own, else the hub's. */
export const countryOf = (account: Pick<Account, 'config'>, usual: string): string => ownCountryOf(account) ?? usual;
