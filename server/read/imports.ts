import type { ImportDoc } from '../../models/imports.ts';
import type { Models } from '../../models/index.ts';
import { native } from '../store/native.ts';
import { cutPage, decodeCursor, encodeCursor, olderThan } from './cursor.ts';
import type { Allowed } from './visible.ts';

/** Ids of one page of imports into the allowed accounts, newest first. Throws BadCursor. */
export const importsPage = async (
  models: Models,
  allowed: Allowed,
  { limit, before }: { limit: number; before?: string | undefined },
): Promise<{ ids: string[]; next: string | null }> => {
  const filter = {
    kind: 'interactions' as const,
    ...olderThan('createdAt', decodeCursor(before)),
    ...(allowed && { account: { $in: [...allowed] } }),
  };
  const rows = await native(models.imports)
    .find<Pick<ImportDoc, '_id' | 'createdAt'>>(filter, {
      sort: { createdAt: -1, _id: -1 },
      limit: limit + 1,
      projection: { createdAt: 1 },
    })
    .toArray();
  const { shown, next } = cutPage(rows, limit, ({ createdAt: at, _id: id }) => encodeCursor({ at, id }));
  return { ids: shown.map(({ _id }) => _id), next };
};
