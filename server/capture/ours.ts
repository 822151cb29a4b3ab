import type { Account } from '../../connectors/contract.ts';
import type { Models } from '../../models/index.ts';
import { type Identified, identifierKey, mailDomain } from '../rules/identity.ts';
import { every } from '../store/pause.ts';

export interface Ours {
  /** shared with every account that is open: a new account's addresses are ours for all at once */
  sets: Account['ours'];
  refresh(): Promise<void>;
  /** Refreshes now and then by itself: what another hub changes is known within seconds. */
  watch(everyMs?: number): { stop(): Promise<void> };
  has(identifier: Identified): boolean;
}

const WATCH_MS = 3000;

/** Makes a set what it is to be, in place: others hold it. */
const become = (set: Set<string>, values: ReadonlySet<string>): void => {
  for (const value of set) if (!values.has(value)) set.delete(value);
  for (const value of values) set.add(value);
};

/** Whose addresses are ours: those of all accounts that are there, and TALTEEN_OWN_DOMAINS. */
export const makeOurs = ({ models, ownDomains }: { models: Models; ownDomains: readonly string[] }): Ours => {
  const addresses = new Set<string>();
  const domains = new Set(ownDomains);
  let begun = 0;
  let applied = 0;
  const refresh = async (): Promise<void> => {
    const turn = ++begun;
    const accounts = await models.accounts.find({ deletedAt: null }, { addresses: 1 }).lean();
    if (turn < applied) return; // one that began later has told already
    applied = turn;
    become(addresses, new Set(accounts.flatMap(account => account.addresses)));
  };
  return {
    sets: { addresses, domains },
    refresh,
    watch: (everyMs = WATCH_MS) => {
      const stopping = new AbortController();
      const again = () => refresh().catch(() => undefined); // known as it was, while the database is away
      const watching = every(everyMs, stopping.signal, again, { atOnce: false, ref: false });
      return {
        stop: () => {
          stopping.abort();
          return watching;
        },
      };
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
