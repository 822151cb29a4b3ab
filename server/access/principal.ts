import type { Role } from '../../models/access.ts';

/** Who asks: a user by session, or a token. */
export interface Principal {
  kind: 'user' | 'token';
  id: string;
  name: string;
  email: string | null;
  role: Role;
  /** accounts whose records may be seen (or, for a `source`, posted to); null: all */
  accounts: readonly string[] | null;
  /** id of the session it came by */
  session?: string;
}
