import type { Models } from '../../models/index.ts';
import { inTransaction } from '../store/transaction.ts';
import { generatePassword } from './passwords.ts';
import type { Tokens } from './tokens.ts';
import type { Users } from './users.ts';

export interface FirstStart {
  adminEmail?: string | undefined;
  adminPassword?: string | undefined;
  apiToken?: string | undefined;
  /** called once, and only when the password was made here: nobody else knows it */
  announce(administrator: { email: string; password: string }): void;
}

/**
 * The first administrator and, when asked for, an administrator's token: made on the first start on a database and never
 * again, also when two hubs start at once. Answers whether this was the first start.
 */
export const firstStart = async (
  { models, users, tokens }: { models: Models; users: Users; tokens: Tokens },
  { adminEmail, adminPassword, apiToken, announce }: FirstStart,
): Promise<boolean> => {
  const { connection, meta } = models;
  if (await meta.exists({ _id: 'first-start' })) return false;
  const email = adminEmail ?? 'admin@localhost';
  const password = adminPassword ?? generatePassword();
  const admin = await users.newDoc({ email, name: 'Administrator', role: 'administrator', accounts: null, password });
  const made = await inTransaction(connection, async session => {
    if (await meta.exists({ _id: 'first-start' }).session(session)) return false;
    await meta.create([{ _id: 'first-start', value: new Date() }], { session });
    await users.insert(admin, session);
    if (apiToken) {
      await tokens.create(
        { name: 'TALTEEN_API_TOKEN', role: 'administrator', account: null, value: apiToken },
        session,
      );
    }
    return true;
  });
  if (made && !adminPassword) announce({ email, password });
  return made;
};
