import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { isSame } from '../common/raw.ts';
import { ConnectorError } from '../contract.ts';

const claimSchema = z.object({
  type: z.string().regex(/^[a-z][a-z0-9_-]{0,31}$/),
  value: z.string().min(1).max(320),
  name: z.string().max(200).nullish(),
  exp: z.number().nullish(),
  hmac: z.string().max(200).nullish(),
});

/** Who the visitor is, as the site's page says. */
export interface Claim {
  type: string;
  value: string;
  name?: string;
}

/** A claim, and whether the site has signed it and it hasn't expired (`verified`). Null: the page says nothing. */
export type Identity = (Claim & { verified: boolean }) | null;

/** The signature that the site makes: hex HMAC-SHA256 over `type:value:exp`, `exp` in Unix seconds. */
export const identityHmac = (secret: string, { type, value, exp }: { type: string; value: string; exp: number }) =>
  createHmac('sha256', secret).update(`${type}:${value}:${exp}`).digest('hex');

const refuse = (why: string): never => {
  throw new ConnectorError('reject', why);
};

/**
 * Reads `identity` of a visitor's hello. Without `hmac` it is an unverified claim, which links nobody. Throws ConnectorError ('reject') when its shape or
 * signature is wrong, it has expired, or it can't be checked.
 */
export const readIdentity = (given: unknown, secret: string | null | undefined, now: Date): Identity => {
  if (given === undefined || given === null) return null;
  const parsed = claimSchema.safeParse(given);
  if (!parsed.success) return refuse('The identity has the wrong shape.');
  const { type, value, name, exp, hmac } = parsed.data;
  const claim = { type, value, ...(name ? { name } : {}) };
  if (hmac === undefined || hmac === null) return { ...claim, verified: false };
  if (!secret) return refuse('This chat takes no signed identities.');
  if (!Number.isSafeInteger(exp)) return refuse('The identity has no time at which it ends.');
  if (!isSame(hmac.toLowerCase(), identityHmac(secret, { type, value, exp: exp as number })))
    return refuse('The signature of the identity is wrong.');
  if ((exp as number) * 1000 <= now.getTime()) return refuse('The identity is too old.');
  return { ...claim, verified: true };
};
