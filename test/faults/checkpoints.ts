import type { mongo } from 'mongoose';
import type { Held } from './mailbox.ts';

interface Row {
  stream: string;
  position: { uidValidity?: string; lastUid?: number } | null;
  counts: { stored: number; duplicate: number; quarantined: number };
}

/** The checkpoints of all folders of all accounts. */
export const readCheckpoints = (db: mongo.Db): Promise<Row[]> => db.collection<Row>('checkpoints').find({}).toArray();

const place = (folder: string, uidValidity: string, uid: number): string => `${folder}/${uidValidity}/${uid}`;

/** Places at the source that something was stored or quarantined for. */
const settled = async (db: mongo.Db): Promise<Set<string>> => {
  const sightings = await db.collection('sightings').find({}).toArray();
  const quarantined = await db
    .collection('quarantine')
    .find({ sighting: { $ne: null } })
    .toArray();
  return new Set(
    [...sightings, ...quarantined.map(({ sighting }) => sighting)].map(({ folder, uidValidity, uid }) =>
      place(folder, uidValidity, uid),
    ),
  );
};

/**
 * Mails that a checkpoint has passed without their being stored or quarantined: there must be none at any moment. The
 * checkpoints are read first: what is stored after that can only be more.
 */
export const passedOver = async (db: mongo.Db, held: readonly Held[]): Promise<string[]> => {
  const checkpoints = await readCheckpoints(db);
  const there = await settled(db);
  const last = new Map(
    checkpoints.map(({ stream, position }) => [`${stream}/${position?.uidValidity}`, position?.lastUid ?? 0]),
  );
  return held
    .filter(({ folder, uidValidity, uid }) => uid > 0 && uid <= (last.get(`${folder}/${uidValidity}`) ?? 0))
    .map(({ folder, uidValidity, uid }) => place(folder, uidValidity, uid))
    .filter(each => !there.has(each));
};
