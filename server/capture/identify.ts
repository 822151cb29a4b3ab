import type { Account, Identifier } from '../../connectors/contract.ts';
import { type Identified, normaliseIdentifier } from '../rules/identity.ts';

/** A participant's identifier as contacts are found by it; null for a bare display name, which recognises nobody. */
export const identify = (identifier: Identifier, country: string): Identified | null =>
  identifier.type === 'name' ? null : normaliseIdentifier(identifier, { country });

/** The country of numbers without a prefix, where an account has one of its own. */
export const ownCountryOf = ({ config }: Pick<Account, 'config'>): string | undefined => {
  const own = (config as { defaultCountry?: unknown } | undefined)?.defaultCountry;
  return typeof own === 'string' ? own : undefined;
};

/** The country of numbers without a prefix: the account's own, else the hub's. */
export const countryOf = (account: Pick<Account, 'config'>, usual: string): string => ownCountryOf(account) ?? usual;
