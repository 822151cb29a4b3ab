import type { mongo } from 'mongoose';
import type { Models } from '../../models/index.ts';

/** What MongoDB looked at while `work` ran: index keys and documents, of the commands of this name. */
export const examined = async (
  { connection }: Models,
  command: 'find' | 'distinct' | 'aggregate',
  work: () => Promise<unknown>,
): Promise<{ keys: number; docs: number }> => {
  const db = connection.getClient().db(connection.name) as unknown as mongo.Db;
  await db.command({ profile: 2 });
  await work();
  await db.command({ profile: 0 });
  const rows = await db
    .collection('system.profile')
    .find({ [`command.${command}`]: { $exists: true, $ne: 'system.profile' } })
    .toArray();
  await db.dropCollection('system.profile');
  const sum = (name: string): number => rows.reduce((total, row) => total + ((row[name] as number) ?? 0), 0);
  return { keys: sum('keysExamined'), docs: sum('docsExamined') };
};
