import { CommandFailed, type Context, say, withCore } from './context.ts';

export const resetUser = (context: Context, email: string): Promise<void> =>
  withCore(context, async ({ access }) => {
    const password = await access.users.reset(email);
    if (password === null) throw new CommandFailed(`There is no user ${email}.`);
    say(password);
  });
