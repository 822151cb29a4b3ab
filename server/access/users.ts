import type { ClientSession } from 'mongoose';
import type { UserDoc } from '../../models/access.ts';
import type { Models } from '../../models/index.ts';
import { trusted } from '../../models/schema.ts';
import { newId } from '../store/ids.ts';
import { inTransaction } from '../store/transaction.ts';
import { AccessConflict } from './errors.ts';
import type { AccessEvents } from './events.ts';
import { generatePassword, hashPassword } from './passwords.ts';

export interface NewUser {
  email: string;
  name: string;
  role: UserDoc['role'];
  accounts: string[] | null;
  password: string;
}

export type UserChanges = Partial<Pick<UserDoc, 'email' | 'name' | 'role' | 'accounts' | 'disabled'>> & {
  password?: string | undefined;
};

type Allow = (before: UserDoc) => void;

/** Whoever sees some accounts only can neither add one nor let anybody see all. */
const RULES = { role: 'administrator', disabled: false, accounts: null } as const;

const lacksOf = (user: UserDoc) =>
  (Object.keys(RULES) as (keyof typeof RULES)[]).filter(name => user[name] !== RULES[name]);

const keyOf = (email: string): string => `user:${email}`;

/** The user documents of one database. E-mail addresses are unique, case aside. */
export const makeUsers = ({ models, events }: { models: Models; events: AccessEvents }) => {
  const { connection, users, keys, sessions, meta } = models;

  const claim = async (email: string, owner: string, session: ClientSession): Promise<void> => {
    if (await keys.findById(keyOf(email)).session(session).lean()) {
      throw new AccessConflict('/email', 'another user has this e-mail address');
    }
    await keys.create([{ _id: keyOf(email), owner }], { session });
  };

  const newDoc = async ({ name, role, accounts, ...user }: NewUser): Promise<UserDoc> => {
    const passwordHash = await hashPassword(user.password);
    const email = user.email.toLowerCase();
    return { _id: newId(), email, name, role, accounts, passwordHash, disabled: false, createdAt: new Date() };
  };

  const insert = async (doc: UserDoc, session: ClientSession): Promise<UserDoc> => {
    await claim(doc.email, doc._id, session);
    await users.create([doc], { session });
    return doc;
  };

  const create = async (user: NewUser): Promise<UserDoc> => {
    const doc = await newDoc(user);
    return inTransaction(connection, session => insert(doc, session));
  };

  /** Two administrators who demote each other at once must conflict: both write one document. */
  const keepAnAdministrator = async (id: string, pointer: string, session: ClientSession): Promise<void> => {
    await meta.updateOne({ _id: 'administrators' }, { $inc: { value: 1 } }, { upsert: true, session });
    const other = { _id: trusted({ $ne: id }), ...RULES };
    if (await users.exists(other).session(session)) return;
    throw new AccessConflict(pointer, 'this is the last administrator that can sign in and sees all accounts');
  };

  const write = async (
    id: string,
    changes: UserChanges,
    { passwordHash, allow }: { passwordHash: string | undefined; allow: Allow },
    session: ClientSession,
  ) => {
    const before = await users.findById(id).session(session).lean<UserDoc>();
    if (!before) return null;
    allow(before);
    const { password: _, ...fields } = changes;
    const after: UserDoc = { ...before, ...fields, ...(passwordHash ? { passwordHash } : {}) };
    const lost = lacksOf(after)[0];
    if (lost && lacksOf(before).length === 0) await keepAnAdministrator(id, `/${lost}`, session);
    if (after.email !== before.email) {
      await claim(after.email, id, session);
      await keys.deleteOne({ _id: keyOf(before.email) }, { session });
    }
    await users.replaceOne({ _id: id }, after, { session });
    return { before, after };
  };

  const loses = (before: UserDoc, after: UserDoc): boolean =>
    before.role !== after.role ||
    before.disabled !== after.disabled ||
    before.passwordHash !== after.passwordHash ||
    JSON.stringify(before.accounts) !== JSON.stringify(after.accounts);

  /**
   * Changes the named fields; null when there is no such user. A new password or a disabled user ends its sessions, and any
   * change of what it may see cuts its sockets. `allow` throws when this user, as it is, may not be changed.
   */
  const change = async (id: string, changes: UserChanges, allow: Allow = () => undefined): Promise<UserDoc | null> => {
    const passwordHash = changes.password === undefined ? undefined : await hashPassword(changes.password);
    const result = await inTransaction(connection, async session => {
      const written = await write(id, changes, { passwordHash, allow }, session);
      if (written && (written.after.disabled || passwordHash)) await sessions.deleteMany({ user: id }, { session });
      return written;
    });
    if (result && loses(result.before, result.after)) events.emit('changed', id);
    return result?.after ?? null;
  };

  /** A new password for the user of that address, whose sessions end; null when there is none. An administrator may set it too. */
  const reset = async (email: string): Promise<string | null> => {
    const user = await users.findOne({ email: email.trim().toLowerCase() }).lean<UserDoc>();
    if (!user) return null;
    const password = generatePassword();
    await change(user._id, { password, disabled: false });
    return password;
  };

  return {
    newDoc,
    insert,
    create,
    change,
    reset,
    find: (id: string) => users.findById(id).lean<UserDoc>(),
    list: () => users.find().sort({ email: 1 }).lean<UserDoc[]>(),
    byEmail: async (email: string) => {
      const key = await keys.findById(keyOf(email.trim().toLowerCase())).lean();
      return key ? users.findById(key.owner).lean<UserDoc>() : null;
    },
  };
};

export type Users = ReturnType<typeof makeUsers>;
