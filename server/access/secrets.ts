import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { AccountDoc } from '../../models/accounts.ts';
import type { Models } from '../../models/index.ts';
import { isDuplicateKey } from '../store/transaction.ts';

interface Key {
  /** names the key in what it sealed; says nothing about it */
  id: string;
  key: Buffer;
  check: string;
}

const derive = (secret: string, purpose: string, bytes: number): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, 'talteen', purpose, bytes));

const keyOf = (secret: string): Key => ({
  id: derive(secret, 'account secrets: key id', 6).toString('base64url'),
  key: derive(secret, 'account secrets: key', 32),
  check: derive(secret, 'check value', 32).toString('base64url'),
});

/** `<key id>.<iv>.<tag>.<ciphertext>`; `context` (whose it is) is authenticated, so that one account's can't be put into another. */
const sealWith = ({ id, key }: Key, context: string, value: unknown): string => {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(context));
  const sealed = Buffer.concat([cipher.update(JSON.stringify(value), 'utf8'), cipher.final()]);
  return [id, ...[iv, cipher.getAuthTag(), sealed].map(bytes => bytes.toString('base64url'))].join('.');
};

const openWith = (keys: readonly Key[], context: string, sealed: string): unknown => {
  const [id, iv, tag, text] = sealed.split('.');
  const key = keys.find(candidate => candidate.id === id);
  if (!key || !iv || !tag || text === undefined)
    throw new Error('A secret was sealed with a key that is not known here.');
  const decipher = createDecipheriv('aes-256-gcm', key.key, Buffer.from(iv, 'base64url'), { authTagLength: 16 })
    .setAAD(Buffer.from(context))
    .setAuthTag(Buffer.from(tag, 'base64url'));
  return JSON.parse(
    Buffer.concat([decipher.update(Buffer.from(text, 'base64url')), decipher.final()]).toString('utf8'),
  );
};

/** Seals what must not lie in the database in the clear. `context` says whose it is and must be the same at `open`. */
export interface Sealer {
  seal(context: string, value: unknown): string;
  open(context: string, sealed: string): unknown;
}

export class WrongSecret extends Error {
  constructor() {
    super(
      'TALTEEN_SECRET (or the file `secret` in the data folder) is not the one this database was sealed with. Start with that one; ' +
        'to change it, give the old one as TALTEEN_SECRET_PREVIOUS.',
    );
    this.name = 'WrongSecret';
  }
}

/** Each account on its own: after a kill in between, both keys are still there and the next start does the rest. */
const resealAccounts = async ({ accounts }: Models, current: Key, keys: readonly Key[]): Promise<number> => {
  let count = 0;
  for await (const { _id, sealed } of accounts.find().lean<AccountDoc[]>().cursor()) {
    if (sealed === null || sealed.startsWith(`${current.id}.`)) continue;
    const again = sealWith(current, _id, openWith(keys, _id, sealed));
    const { modifiedCount } = await accounts.updateOne({ _id, sealed }, { $set: { sealed: again } });
    count += modifiedCount;
  }
  return count;
};

/**
 * The sealer of this database. Throws WrongSecret when the secret isn't the one that the database was made with. With the
 * previous one beside it, everything is sealed anew with the current one.
 */
export const openSecrets = async (
  models: Models,
  { secret, previous }: { secret: string; previous?: string | undefined },
): Promise<Sealer & { resealed: number }> => {
  const { meta } = models;
  const current = keyOf(secret);
  const keys = previous === undefined ? [current] : [current, keyOf(previous)];
  await meta
    .updateOne({ _id: 'secret' }, { $setOnInsert: { value: { check: current.check } } }, { upsert: true })
    .catch(error => {
      if (!isDuplicateKey(error)) throw error; // another hub starts at the same time
    });
  const { check } = (await meta.findById('secret').lean<{ value: { check: string } }>())?.value ?? {};
  if (!keys.some(key => key.check === check)) throw new WrongSecret();
  const resealed = keys.length > 1 ? await resealAccounts(models, current, keys) : 0;
  if (check !== current.check) await meta.updateOne({ _id: 'secret' }, { $set: { value: { check: current.check } } });
  return {
    resealed,
    seal: (context, value) => sealWith(current, context, value),
    open: (context, sealed) => openWith(keys, context, sealed),
  };
};
