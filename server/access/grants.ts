import type { Principal } from './principal.ts';

type Accounts = Principal['accounts'];

/** Whether `granter` sees all that those accounts (null: all) let somebody see: nobody hands out, or takes over, more than they have. */
export const covers = ({ accounts: own }: Pick<Principal, 'accounts'>, accounts: Accounts): boolean =>
  own === null || accounts?.every(account => own.includes(account)) === true;
