import type { Account, Connector } from '../../connectors/contract.ts';
import type { Models } from '../../models/index.ts';
import { type Identified, identifierKey, mailDomain, normaliseIdentifier } from '../rules/identity.ts';

export interface Ours {
  /** shared with every account that is open: a new account's addresses are ours for all at once */
  sets: Account['ours'];
  refresh(): Promise<void>;
  has(identifier: Identified): boolean;
}

/** An account's own addresses as they are compared, by what its connector reads in its config. */
export const addressesOf = (connector: Connector, config: unknown, country: string): string[] =>
  (connector.addresses?.(config) ?? []).flatMap(value => {
    const address = normaliseIdentifier({ type: 'email', value }, { country });
    return address ? [identifierKey(address).slice('email:'.length)] : [];
  });

/** Whose addresses are ours: those of all accounts, and TALTEEN_OWN_DOMAINS. */
export const makeOurs = ({ models, ownDomains }: { models: Models; ownDomains: readonly string[] }): Ours => {
  const addresses = new Set<string>();
  const domains = new Set(ownDomains);
  return {
    sets: { addresses, domains },
    refresh: async () => {
      const accounts = await models.accounts.find({}, { addresses: 1 }).lean();
      for (const address of accounts.flatMap(account => account.addresses)) addresses.add(address);
    },
    has: identifier => {
      if (identifier.type !== 'email') return false;
      const domain = mailDomain(identifier.value);
      return (
        addresses.has(identifierKey(identifier).slice('email:'.length)) || (domain !== null && domains.has(domain))
      );
    },
  };
};
