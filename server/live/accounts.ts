import type { Account, Connector, Visitor } from '../../connectors/contract.ts';
import type { AccountDoc } from '../../models/accounts.ts';
import { isOwnOrigin } from '../access/origin.ts';
import type { Accounts } from '../accounts/index.ts';
import type { OpenAccount } from '../capture/open-account.ts';
import { itemId } from '../rules/keys.ts';
import { makeRemembered } from '../store/remembered.ts';

/** What live accounts need. */
export interface LiveAccountsDeps {
  accounts: Pick<Accounts, 'find' | 'list' | 'changes'>;
  connectors: ReadonlyMap<string, Connector>;
  open: OpenAccount;
  /** TALTEEN_PUBLIC_URL */
  publicUrl: string | undefined;
}

/** An account whose connector has a live channel. */
export interface LiveAccount {
  account: Account;
  connector: Connector & { live: NonNullable<Connector['live']> };
  name: string;
  paused: boolean;
}

/** Id of the interaction that a visitor's conversation is, or will be. */
export const conversationOf = ({ account }: Pick<LiveAccount, 'account'>, { conversation }: Visitor): string =>
  itemId(account.id, { sourceKey: conversation, kind: 'interaction' });

/** Accounts are read again after this: another hub may have changed them. */
const FRESH_MS = 2000;

/** Accounts with a live channel, and which pages may open them. */
export const makeLiveAccounts = ({ accounts, connectors, open, publicUrl }: LiveAccountsDeps) => {
  /** Caches also that an account doesn't exist, since anybody may ask for any id. Changes by this hub count at once. */
  const remembered = <T>(ask: (key: string) => Promise<T>) =>
    makeRemembered(ask, { lastsMs: FRESH_MS, version: accounts.changes, keeps: () => true }).get;

  const liveOf = async (doc: AccountDoc | null): Promise<LiveAccount | null> => {
    const connector = doc && connectors.get(doc.connector);
    if (!doc || !connector?.live) return null;
    const account = await open(doc, { use: 'import' });
    return {
      account,
      connector: connector as LiveAccount['connector'],
      name: doc.name,
      paused: doc.state === 'paused',
    };
  };

  const find = remembered(async (id: string) => liveOf(await accounts.find(id)));

  const origins = remembered(async () => {
    const docs = (await accounts.list()).filter(({ connector }) => connectors.get(connector)?.live);
    const all = await Promise.all(docs.map(({ _id }) => find(_id)));
    return new Set(all.flatMap(one => (one ? one.connector.live.origins(one.account.config) : [])));
  });

  const isOwn = (origin: string | undefined, host: string | undefined): boolean =>
    origin === undefined || isOwnOrigin(origin, host, publicUrl);

  return {
    /** the account; null when there is none, or it has no live channel */
    find,
    isOwn,
    /** whether a page of this origin may open this account's channel */
    mayOpen: ({ account, connector }: LiveAccount, origin: string | undefined, host: string | undefined): boolean =>
      isOwn(origin, host) || connector.live.origins(account.config).includes(origin ?? ''),
    /** whether it may open the channel of any account */
    isListed: async (origin: string | undefined): Promise<boolean> =>
      origin !== undefined && (await origins('all')).has(origin),
  };
};

export type LiveAccounts = ReturnType<typeof makeLiveAccounts>;
