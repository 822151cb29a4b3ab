import type { Role } from '../../models/access.ts';
import { CommandFailed, type Context, say, WrongUse, withCore } from './context.ts';

/** Makes a token and prints it. `account`: the name of the one account that it sees or, as a source, posts to. */
export const createToken = async (
  context: Context,
  name: string,
  { role, account }: { role: string; account?: string },
): Promise<void> => {
  if (role === 'source' && account === undefined) throw new WrongUse('A token of the role source needs --account.');
  await withCore(context, async ({ access, accounts }) => {
    const found = account === undefined ? null : await accounts.byName(account);
    if (account !== undefined && !found) throw new CommandFailed(`There is no account named ${account}.`);
    const { token } = await access.tokens.create({ name, role: role as Role, account: found?._id ?? null });
    say(token);
  });
};
