import type { Account } from '../../connectors/contract.ts';
import type { AccountDoc } from '../../models/accounts.ts';
import { makeRemembered } from '../store/remembered.ts';

/** How long what another hub changed may go unnoticed, ms. */
const LASTS_MS = 1000;

/** An account as it is stored, and as its connector sees it. */
export interface RecentAccount {
  doc: AccountDoc;
  opened: Account;
}

interface Deps {
  find(id: string): Promise<AccountDoc | null>;
  open(account: AccountDoc, options: { use: 'import' }): Promise<Account>;
  /** counts the changes that this hub made */
  changes(): number;
}

/**
 * Looks up and opens an account that is posted to at most once a second: else each of thousands of requests would do both. A change that this hub makes counts
 * at once. An account that isn't there, or can't be opened, isn't remembered.
 */
export const makeRecentAccounts = ({ find, open, changes }: Deps) => {
  const lookUp = async (id: string): Promise<RecentAccount | null> => {
    const doc = await find(id);
    return doc && { doc, opened: await open(doc, { use: 'import' }) };
  };
  return makeRemembered(lookUp, { lastsMs: LASTS_MS, version: changes }).get;
};
