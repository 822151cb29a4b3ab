import { hash } from 'node:crypto';

/** SHA-256 of the parts, each ended by NUL so that different lists of parts can't be equal; base64url, 43 characters. */
export const hashKey = (...parts: (string | number)[]): string => hash('sha256', `${parts.join('\0')}\0`, 'base64url');

interface Keyed {
  sourceKey: string;
  keyScope?: 'account' | 'author';
  kind: string;
  belongsTo?: string;
}

/**
 * The `_id` of an interaction, register event or message: this primary key makes capture exactly-once. Mail is keyed by what its author wrote, across accounts;
 * everything else by its provider's id, within account and kind.
 */
export const itemId = (account: string, { sourceKey, keyScope, kind }: Keyed): string =>
  keyScope === 'author' ? hashKey('author', kind, sourceKey) : hashKey('account', account, kind, sourceKey);

/** Id of the interaction that an item is part of; its own id when it is part of none. */
export const targetId = (account: string, item: Keyed): string =>
  item.belongsTo === undefined ? itemId(account, item) : standInId(account, item.belongsTo);

/** Id of the interaction with this source key, whether it exists or not. */
export const standInId = (account: string, sourceKey: string): string =>
  itemId(account, { sourceKey, kind: 'interaction' });

/** Id of a blob. A blob belongs to one owner and is deleted with it, so that no references need counting. */
export const blobId = (owner: string, sha256: string): string => hashKey('blob', owner, sha256);

interface Place {
  folder: string;
  uidValidity: string;
  uid: number;
}

/**
 * Id of a sighting. The bytes of a (folder, UIDVALIDITY, UID) never change (RFC 9051 2.3.1.1), but a file may come again with other bytes: only its id has the
 * hash.
 */
export const sightingId = (account: string, at: Place, sha256: string): string =>
  hashKey('sighting', account, at.folder, at.uidValidity, at.uid, at.uidValidity === '' ? sha256 : '');

/** The quarantine locator of a place at a source. */
export const locatorOf = (at: Place): string => `${at.folder}/${at.uidValidity}/${at.uid}`;

/** Id of a quarantine row. */
export const quarantineId = (account: string, locator: string): string => hashKey('quarantine', account, locator);

/** Id of a checkpoint. */
export const checkpointId = (account: string, stream: string): string => `${account}:${stream}`;

/** Id of a timeline entry. Entries of one interaction at the same time are adjacent when sorted by it, so that a page can show the interaction once. */
export const entryId = (item: string, contact: string | null): string => `${item}:${contact ?? ''}`;

/** The condition on `_id` that exactly the entries of one interaction or register event meet: `;` is the character after `:`. */
export const entryIdsOf = (item: string): { $gte: string; $lt: string } => ({ $gte: `${item}:`, $lt: `${item};` });

/** Id of the interaction or register event of an entry, from the entry's id: that is all that is known of a deleted entry. */
export const itemOfEntryId = (id: string): string => id.slice(0, id.lastIndexOf(':'));

/** The stored form of a thread key. It is only compared, so 96 bits of a hash are enough, which take a third of the index. */
export const threadKey = (key: string): string => hashKey('thread', key).slice(0, 16);
