import type { TokenDoc, UserDoc } from '../../models/access.ts';
import type { Models } from '../../models/index.ts';
import { native } from '../store/native.ts';

/** Names of users and tokens by id; ids of neither, or of deleted ones, are missing. */
export const whoNames = async (models: Models, ids: readonly string[]): Promise<ReadonlyMap<string, string>> => {
  const some = { _id: { $in: [...new Set(ids)] } };
  const [users, tokens] = await Promise.all([
    native(models.users)
      .find<Pick<UserDoc, '_id' | 'name' | 'email'>>(some, { projection: { name: 1, email: 1 } })
      .toArray(),
    native(models.tokens)
      .find<Pick<TokenDoc, '_id' | 'name'>>(some, { projection: { name: 1 } })
      .toArray(),
  ]);
  return new Map([
    ...users.map(({ _id, name, email }) => [_id, name || email] as const),
    ...tokens.map(({ _id, name }) => [_id, name] as const),
  ]);
};
