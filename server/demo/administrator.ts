import type { Access } from '../access/index.ts';

export interface SignIn {
  email: string;
  /** null: it isn't ours to tell or to change */
  password: string | null;
}

/**
 * How to sign in to the demo, at every start. The password of an earlier start was shown once and is known to nobody here,
 * so the administrator gets a new one (its sessions end), or the one that was set by environment.
 */
export const signInOf = async (
  { users }: Access,
  { made, adminEmail, adminPassword }: { made: SignIn | null; adminEmail?: string; adminPassword?: string },
): Promise<SignIn> => {
  if (made) return made;
  const administrators = (await users.list()).filter(({ role, disabled }) => role === 'administrator' && !disabled);
  const user = administrators.find(({ email }) => email === adminEmail) ?? administrators[0];
  if (!user) return { email: adminEmail ?? '', password: null };
  if (adminPassword === undefined) return { email: user.email, password: await users.reset(user.email) };
  await users.change(user._id, { password: adminPassword });
  return { email: user.email, password: adminPassword };
};
