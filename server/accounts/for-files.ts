import type { AccountDoc } from '../../models/accounts.ts';

/** What files are captured into when no account is named. */
export const FOR_FILES = 'imports';

interface Accounts {
  find(id: string): Promise<AccountDoc | null>;
  byName(name: string): Promise<AccountDoc | null>;
  ensureForImports(name: string): Promise<AccountDoc>;
}

/** The account that files go to, by its id or name; the one for files is made when it is first needed, and never pulled. */
export const accountForFiles = async (accounts: Accounts, named: string = FOR_FILES): Promise<AccountDoc | null> =>
  named === FOR_FILES
    ? accounts.ensureForImports(FOR_FILES)
    : ((await accounts.find(named)) ?? (await accounts.byName(named)));
