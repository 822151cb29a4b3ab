import type { mongo } from 'mongoose';
import type { Api } from './api.ts';
import { passedOver, readCheckpoints } from './checkpoints.ts';
import { type Held, sha256 } from './mailbox.ts';

interface Sighting {
  interaction: string;
  folder: string;
  uidValidity: string;
  uid: number;
  sha256: string;
  stale: boolean;
}

const SHOWN = 5;
const placeOf = ({ folder, uidValidity, uid }: Omit<Held, 'sha256'>): string => `${folder}/${uidValidity}/${uid}`;

/** A fault in words, with how many there are and the first of them; none for an empty list. */
const fault = (what: string, which: readonly string[]): string[] =>
  which.length === 0 ? [] : [`${which.length} ${what}: ${which.slice(0, SHOWN).join(', ')}`];

const difference = (a: Iterable<string>, b: { has(key: string): boolean }): string[] => [...a].filter(x => !b.has(x));

/** Sightings are the UIDs of the mailbox, no more and no fewer, each with its file's hash. */
const checkSightings = (held: readonly Held[], sightings: readonly Sighting[]): string[] => {
  const files = new Map(held.map(each => [placeOf(each), each.sha256]));
  const seen = new Map(sightings.map(each => [placeOf(each), each.sha256]));
  return [
    ...fault('mails are not captured', difference(files.keys(), seen)),
    ...fault('sightings are of no mail', difference(seen.keys(), files)),
    ...fault('places have two sightings', seen.size === sightings.length ? [] : [`${sightings.length - seen.size}`]),
    ...fault(
      'sightings have another hash',
      [...seen].filter(([at, hash]) => files.has(at) && files.get(at) !== hash).map(([at]) => at),
    ),
  ];
};

/** One interaction for each distinct mail, whose sightings are all copies of it. */
const checkInteractions = (
  held: readonly Held[],
  sightings: readonly Sighting[],
  ids: ReadonlySet<string>,
): string[] => {
  const byHash = new Map<string, Set<string>>();
  for (const { sha256: hash, interaction } of sightings)
    byHash.set(hash, (byHash.get(hash) ?? new Set()).add(interaction));
  const distinct = new Set(held.map(each => each.sha256));
  const sighted = new Set(sightings.map(({ interaction }) => interaction));
  return [
    ...fault(
      'mails are two interactions',
      [...byHash].filter(([, of]) => of.size > 1).map(([hash]) => hash),
    ),
    ...fault('interactions are of no mail', difference(ids, sighted)),
    ...fault('sightings are of no interaction', difference(sighted, ids)),
    ...(ids.size === distinct.size ? [] : [`${ids.size} interactions for ${distinct.size} distinct mails`]),
  ];
};

/** Each interaction has its text and at least one timeline entry; each provisional contact has its own identifiers. */
const checkWhole = async (db: mongo.Db, ids: ReadonlySet<string>): Promise<string[]> => {
  const all = async (name: string, field: string) =>
    (
      await db
        .collection(name)
        .find({}, { projection: { [field]: 1 } })
        .toArray()
    ).map(row => String(row[field]));
  const [contents, entries, owners, contacts] = await Promise.all([
    all('contents', '_id'),
    all('timeline', 'interaction'),
    all('identifiers', 'contact'),
    all('contacts', '_id'),
  ]);
  const entrySet = new Set(entries);
  return [
    ...fault('interactions have no content', difference(ids, new Set(contents))),
    ...fault('contents have no interaction', difference(contents, ids)),
    ...fault('interactions are on no timeline', difference(ids, entrySet)),
    ...fault('entries have no interaction', difference(entrySet, ids)),
    ...fault('identifiers have no contact', difference(owners, new Set(contacts))),
    ...fault('contacts have no identifier', difference(contacts, new Set(owners))),
  ];
};

/** What the API hands out is what the source held, byte for byte. */
const checkOriginals = async (api: Api, sightings: readonly Sighting[]): Promise<string[]> => {
  const wrong: string[] = [];
  const distinct = [...new Map(sightings.map(each => [`${each.interaction} ${each.sha256}`, each])).values()];
  const check = async ({ interaction, sha256: hash }: Sighting): Promise<void> => {
    const bytes = await api.bytes(`/interactions/${interaction}/raw?sha256=${hash}`);
    if (sha256(bytes) !== hash) wrong.push(interaction);
  };
  for (let at = 0; at < distinct.length; at += 8) await Promise.all(distinct.slice(at, at + 8).map(check));
  return fault('originals are not what the source held', wrong);
};

/** Counted in the transactions that moved the checkpoints: seen = stored + duplicate + quarantined, stored = interactions. */
const checkCounts = async (db: mongo.Db, held: readonly Held[], interactions: number): Promise<string[]> => {
  const sum = { stored: 0, duplicate: 0, quarantined: 0 };
  for (const { counts } of await readCheckpoints(db)) {
    sum.stored += counts.stored;
    sum.duplicate += counts.duplicate;
    sum.quarantined += counts.quarantined;
  }
  const seen = sum.stored + sum.duplicate + sum.quarantined;
  return [
    ...(sum.stored === interactions ? [] : [`${sum.stored} counted as stored, ${interactions} interactions`]),
    ...(seen >= held.length ? [] : [`${seen} counted as seen, the mailbox holds ${held.length}`]),
  ];
};

/** All that is wrong with what was captured of a mailbox, in words; nothing when each mail is there exactly once. */
export const whatIsWrong = async (db: mongo.Db, api: Api, held: readonly Held[]): Promise<string[]> => {
  const sightings = await db.collection<Sighting>('sightings').find({ stale: false }).toArray();
  const rows = await db
    .collection('interactions')
    .find({}, { projection: { _id: 1 } })
    .toArray();
  const ids = new Set(rows.map(({ _id }) => String(_id)));
  return [
    ...checkSightings(held, sightings),
    ...checkInteractions(held, sightings, ids),
    ...(await checkWhole(db, ids)),
    ...(await checkOriginals(api, sightings)),
    ...(await checkCounts(db, held, ids.size)),
    ...fault('mails were passed over by a checkpoint', await passedOver(db, held)),
  ];
};
