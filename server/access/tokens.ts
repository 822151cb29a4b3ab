import { createHash, randomBytes } from 'node:crypto';
import type { ClientSession } from 'mongoose';
import type { Role, TokenDoc } from '../../models/access.ts';
import type { Models } from '../../models/index.ts';
import { native } from '../store/native.ts';
import type { AccessEvents } from './events.ts';
import type { Principal } from './principal.ts';

/** What is stored of a token or of a session's cookie. Both are random, 256 bits, so that a plain hash is enough. */
export const digest = (value: string): string => createHash('sha256').update(value).digest('hex');

export interface NewToken {
  name: string;
  role: Role;
  /** limits it to one account; a `source` must have one */
  account: string | null;
  /** only for the token of the first start */
  value?: string;
}

/** The API tokens of one database. A token is answered once, by `create`; whoever hangs on one that is removed is told by `changed`. */
export const makeTokens = ({ models, events }: { models: Models; events: AccessEvents }) => {
  /** Stores the hash; the token itself is in the answer and nowhere else. */
  const create = async ({ name, role, account, value }: NewToken, session?: ClientSession) => {
    const token = value ?? `tlt_${randomBytes(32).toString('base64url')}`;
    const doc: TokenDoc = { _id: digest(token), name, role, account, createdAt: new Date() };
    await models.tokens.create([doc], { session: session ?? null });
    return { token, doc };
  };

  const authenticate = async (token: string): Promise<Principal | null> => {
    const found = await native(models.tokens).findOne({ _id: digest(token) });
    if (!found) return null;
    const { _id, name, role, account } = found;
    return { kind: 'token', id: _id, name, email: null, role, accounts: account === null ? null : [account] };
  };

  const find = (id: string) => models.tokens.findById(id).lean<TokenDoc>();

  const remove = async (id: string): Promise<boolean> => {
    const { deletedCount } = await models.tokens.deleteOne({ _id: id });
    if (deletedCount > 0) events.emit('changed', id);
    return deletedCount > 0;
  };

  /** In the caller's transaction. Whoever calls it emits `changed` for each of the answered ids once that is committed. */
  const removeOf = async (account: string, session: ClientSession): Promise<string[]> => {
    const found = await models.tokens.find({ account }, { _id: 1 }).session(session).lean();
    await models.tokens.deleteMany({ account }, { session });
    return found.map(({ _id }) => _id);
  };

  const list = () => models.tokens.find().sort({ createdAt: -1, _id: -1 }).lean<TokenDoc[]>();

  return { create, authenticate, find, remove, removeOf, list };
};

export type Tokens = ReturnType<typeof makeTokens>;
