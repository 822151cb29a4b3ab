import { randomInt } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';

// OWASP's second choice for argon2id, the library's default algorithm: 19 MiB, two passes, one lane
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';

/** argon2id as a PHC string, with a salt of its own. */
export const hashPassword = (password: string): Promise<string> => hash(password.normalize('NFC'), COST);

/** Of no password at all: verified against for an unknown user, so that both answers take as long. */
const decoy = hashPassword(Array.from({ length: 32 }, () => randomInt(36).toString(36)).join(''));
decoy.catch(() => undefined);

/** Whether the password is that of `passwordHash`; null (no such user) takes as long and is false. */
export const verifyPassword = async (passwordHash: string | null, password: string): Promise<boolean> => {
  const matches = await verify(passwordHash ?? (await decoy), password.normalize('NFC'));
  return matches && passwordHash !== null;
};

/** 20 characters that are easy to tell apart, 99 bits. */
export const generatePassword = (): string =>
  Array.from({ length: 4 }, () => Array.from({ length: 5 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')).join(
    '-',
  );
