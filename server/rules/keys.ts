import { hash } from 'node:crypto';

/** SHA-256 over the parts, each ended by NUL so that no two lists of parts run together; base64url, 43 characters. */
export const hashKey = (...parts: (string | number)[]): string => hash('sha256', `${parts.join('\0')}\0`, 'base64url');

interface Keyed {
  sourceKey: string;
  keyScope?: 'account' | 'author';
  kind: string;
  belongsTo?: string;
}

/**
 * The `_id` of an interaction, register event or message: exactly once is this primary key. Mail is keyed by what its author wrote,
 * across accounts; everything else by what its provider calls it, within the account and its kind.
 */
export const itemId = (account: string, { sourceKey, keyScope, kind }: Keyed): string =>
  keyScope === 'author' ? hashKey('author', kind, sourceKey) : hashKey('account', account, kind, sourceKey);

/** The interaction that an item is part of; its own, when it is part of none. */
export const targetId = (account: string, item: Keyed): string =>
  item.belongsTo === undefined ? itemId(account, item) : standInId(account, item.belongsTo);

/** What the interaction under this source key would have for its id. */
export const standInId = (account: string, sourceKey: string): string =>
  itemId(account, { sourceKey, kind: 'interaction' });

/** A blob belongs to one owner, so that whoever deletes the owner deletes it and no reference is counted. */
export const blobId = (owner: string, sha256: string): string => hashKey('blob', owner, sha256);

interface Place {
  folder: string;
  uidValidity: string;
  uid: number;
}

/** A file's name may come back with other bytes, a (folder, UIDVALIDITY, UID) may not (RFC 9051 2.3.1.1): only the former needs the hash. */
export const sightingId = (account: string, at: Place, sha256: string): string =>
  hashKey('sighting', account, at.folder, at.uidValidity, at.uid, at.uidValidity === '' ? sha256 : '');

/** How a place at a source is named in quarantine. */
export const locatorOf = (at: Place): string => `${at.folder}/${at.uidValidity}/${at.uid}`;

export const quarantineId = (account: string, locator: string): string => hashKey('quarantine', account, locator);

export const checkpointId = (account: string, stream: string): string => `${account}:${stream}`;

/** Entries of one interaction sort side by side under the same moment: a page can show it once. */
export const entryId = (item: string, contact: string | null): string => `${item}:${contact ?? ''}`;

/** The condition on `_id` that the entries of one interaction or register event meet, and no other's: `;` is the character after `:`. */
export const entryIdsOf = (item: string): { $gte: string; $lt: string } => ({ $gte: `${item}:`, $lt: `${item};` });

/** The interaction or register event that an entry is of, by the entry's id: all that is known of an entry that is gone. */
export const itemOfEntryId = (id: string): string => id.slice(0, id.lastIndexOf(':'));

/** Message-IDs and the like are only ever compared: 96 bits of their hash take a third of the index. */
export const threadKey = (key: string): string => hashKey('thread', key).slice(0, 16);
