import type { Role } from '../../models/access.ts';
import type { Principal } from './principal.ts';

export const everybody: readonly Role[] = ['agent', 'privacy-officer', 'administrator', 'source'];
const staff: readonly Role[] = ['agent', 'privacy-officer', 'administrator'];
const officers: readonly Role[] = ['privacy-officer', 'administrator'];
const administrators: readonly Role[] = ['administrator'];

/** What each role may do. The whole of it: routes, sockets and pushes ask `may`, nothing else decides. */
const ABILITIES = {
  'session:read': everybody,
  'session:end': everybody,
  'password:change': staff,
  'contacts:read': staff,
  'contacts:write': staff,
  'organisations:read': staff,
  'organisations:write': staff,
  'timeline:read': staff,
  'timeline:link': staff,
  'interactions:read': staff,
  'conversations:answer': staff,
  'policies:read': staff,
  'access-log:read': officers,
  'contacts:import': administrators,
  'accounts:read': administrators,
  'accounts:write': administrators,
  'accounts:test': administrators,
  'imports:read': administrators,
  'imports:write': administrators,
  'quarantine:read': administrators,
  'quarantine:replay': administrators,
  'users:read': administrators,
  'users:write': administrators,
  'tokens:read': administrators,
  'tokens:write': administrators,
  'items:post': ['administrator', 'source'],
} as const satisfies Record<string, readonly Role[]>;

export type Action = keyof typeof ABILITIES;
export const actions = Object.keys(ABILITIES) as Action[];

/** What a record belongs to, as far as access goes: it may be seen by who may see one of its accounts. */
export interface Guarded {
  accounts: readonly string[];
}

/**
 * Whether `who` may do `action`: to anything at all (no record: a no is a 403), or to this record (a no is a 404).
 */
export const may = (who: Pick<Principal, 'role' | 'accounts'> | null, action: Action, record?: Guarded): boolean => {
  if (!who) return false;
  const roles: readonly Role[] = ABILITIES[action];
  if (!roles.includes(who.role)) return false;
  const allowed = who.accounts;
  return !record || allowed === null || record.accounts.some(account => allowed.includes(account));
};
