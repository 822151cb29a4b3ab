import type { Role } from '../../models/access.ts';
import { CommandFailed, type Context, say, withCore } from './context.ts';

export const createToken = (
  context: Context,
  name: string,
  { role, account }: { role: string; account?: string },
): Promise<void> =>
  withCore(context, async ({ access, accounts }) => {
    if ((role === 'source') !== (account !== undefined)) {
      throw new CommandFailed('A token of the role source needs --account, and no other takes it.');
    }
    const found = account && (await accounts.byName(account));
    if (account && !found) throw new CommandFailed(`There is no account named ${account}.`);
    const { token } = await access.tokens.create({ name, role: role as Role, account: found ? found._id : null });
    say(token);
  });
