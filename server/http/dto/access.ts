import { z } from 'zod';
import { id, instant, page, pageQuery } from './common.ts';

/** Roles of users. Tokens also have 'source': posting to one account only. */
export const userRole = z.enum(['agent', 'privacy-officer', 'administrator']);
export const tokenRole = z.enum(['agent', 'privacy-officer', 'administrator', 'source']);
export type UserRole = z.infer<typeof userRole>;
export type TokenRole = z.infer<typeof tokenRole>;

const email = z
  .string()
  .trim()
  .toLowerCase()
  .max(254)
  .pipe(z.email({ pattern: z.regexes.html5Email, error: 'expected an e-mail address' }))
  .meta({ description: 'E-mail address', example: 'agent@example.org' });
const password = z.string().min(8, 'expected 8 characters or more').max(200);

export const signIn = z
  .strictObject({ email: z.string().trim().toLowerCase().min(1).max(254), password: z.string().min(1).max(200) })
  .meta({ id: 'SignIn' });
export type SignIn = z.infer<typeof signIn>;

/** The principal of a request: a user (by session), or a token (`email` is null). */
export const session = z
  .object({
    user: z.object({ id, name: z.string(), email: z.string().nullable(), role: tokenRole }),
    accounts: z.array(id).nullable().meta({ description: 'Accounts that may be seen; null: all' }),
  })
  .meta({ id: 'Session' });
export type Session = z.infer<typeof session>;

export const passwordChange = z
  .strictObject({ current: z.string().min(1).max(200), password })
  .meta({ id: 'PasswordChange' });

export const user = z
  .object({
    id,
    email: z.string(),
    name: z.string(),
    role: userRole,
    accounts: z.array(id).nullable().meta({ description: 'Accounts whose interactions may be seen; null: all' }),
    disabled: z.boolean(),
    createdAt: instant,
  })
  .meta({ id: 'User' });
export type User = z.infer<typeof user>;
export const userPage = page(user).meta({ id: 'UserPage' });

export const userInput = z
  .strictObject({
    email,
    name: z.string().trim().max(200).default(''),
    role: userRole,
    accounts: z.array(id).max(1000).nullable().default(null),
    password: password.optional().meta({ description: 'Left out: one is made and answered once' }),
  })
  .meta({ id: 'UserInput' });
export type UserInput = z.infer<typeof userInput>;

export const userPatch = z
  .strictObject({
    email: email.optional(),
    name: z.string().trim().max(200).optional(),
    role: userRole.optional(),
    accounts: z.array(id).max(1000).nullable().optional(),
    disabled: z.boolean().optional(),
    password: password.optional(),
  })
  .meta({ id: 'UserPatch' });
export type UserPatch = z.infer<typeof userPatch>;

/** A user just created. `password`: only when it was generated; it isn't shown again. */
export const newUser = user.extend({ password: z.string().optional() }).meta({ id: 'NewUser' });
export type NewUser = z.infer<typeof newUser>;

export const token = z
  .object({
    id,
    name: z.string(),
    role: tokenRole,
    account: id.nullable().meta({ description: 'The one account that a `source` token may post to' }),
    createdAt: instant,
  })
  .meta({ id: 'Token' });
export type Token = z.infer<typeof token>;
export const tokenPage = page(token).meta({ id: 'TokenPage' });

export const tokenInput = z
  .strictObject({ name: z.string().trim().min(1).max(200), role: tokenRole, account: id.nullable().default(null) })
  .refine(value => value.role !== 'source' || value.account !== null, {
    path: ['account'],
    error: 'a source token needs its account',
  })
  .meta({ id: 'TokenInput' });
export type TokenInput = z.infer<typeof tokenInput>;

/** A token just created, with its value, which isn't shown again. */
export const newToken = token.extend({ token: z.string() }).meta({ id: 'NewToken' });
export type NewToken = z.infer<typeof newToken>;

export const accessLogRow = z
  .object({
    id,
    at: instant,
    who: id,
    whoName: z.string(),
    action: z.string(),
    contact: id.nullable(),
    interaction: id.nullable(),
    quarantined: z.object({ id, account: id }).nullable().meta({ description: 'The item in quarantine that was read' }),
    whose: z
      .array(z.object({ id, name: z.string() }))
      .meta({ description: 'Whom it was of, as they are called now: the contact, or those on whose timelines it is' }),
  })
  .meta({ id: 'AccessLogRow' });
export type AccessLogRow = z.infer<typeof accessLogRow>;
export const accessLogPage = page(accessLogRow).meta({ id: 'AccessLogPage' });

export const accessLogQuery = pageQuery.extend({
  contact: id
    .optional()
    .meta({ description: 'Whose: reads of the contact, its timeline, and of what is on its timeline now' }),
  who: id.optional().meta({ description: 'The user or token that read' }),
});
export type AccessLogQuery = z.infer<typeof accessLogQuery>;
