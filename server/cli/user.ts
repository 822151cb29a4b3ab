import { CommandFailed, type Context, say, withCore } from './context.ts';

/** Gives a user a new password and prints it; all its sessions end. Fails when there is no such user. */
export const resetUser = (context: Context, email: string): Promise<void> =>
  withCore(context, async ({ access }) => {
    const password = await access.users.reset(email);
    if (password === null) throw new CommandFailed(`There is no user ${email}.`);
    say(password);
  });
