import type { HistoryDoc } from '../../models/history.ts';
import type { Models } from '../../models/index.ts';
import { newId } from '../store/ids.ts';
import { insert, type Tx } from './context.ts';
import type { Actor } from './types.ts';

export type Changes = HistoryDoc['changes'];

/** Those of `fields` (dotted paths) whose values differ, with old and new value. `before` null: the document is new. */
export const changesBetween = <Doc extends object>(
  before: Doc | null,
  after: Doc,
  fields: readonly string[],
): Changes => {
  const read = (doc: object | null, field: string): unknown =>
    field.split('.').reduce<unknown>((value, name) => (value as Record<string, unknown> | null)?.[name] ?? null, doc);
  const blank = (value: unknown) => value === null || (Array.isArray(value) && value.length === 0);
  return fields.flatMap(field => {
    const [old, now] = [read(before, field), read(after, field)];
    const same = (blank(old) && blank(now)) || JSON.stringify(old) === JSON.stringify(now);
    return same ? [] : [{ field, old, new: now }];
  });
};

/** Adds a change to the history, in the transaction of the change. */
export const record = (
  { history }: Pick<Models, 'history'>,
  tx: Tx,
  of: HistoryDoc['of'],
  id: string,
  actor: Actor,
  changes: Changes,
): void => {
  const row = { _id: newId(), of, id, at: new Date(), who: actor.who, source: actor.source, changes };
  insert(tx, history, [row]);
};
