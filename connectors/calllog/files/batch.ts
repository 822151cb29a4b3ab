import type { Captured, Failed } from '../../contract.ts';
import type { Place } from './place.ts';

/** What is read of a file at once. */
export interface Piece {
  items: Captured[];
  failed: Failed[];
  place: Place;
}

const isInternal = ({ direction }: Captured): number => Number(direction === 'internal');

/**
 * Legs of one call together, the one with somebody outside before those among us: the first makes the call, and says whose it is. Everything
 * else stays in order.
 */
export const withLegsInOrder = (items: readonly Captured[]): Captured[] => {
  const calls = new Map<string, Captured[]>();
  for (const item of items) {
    const key = item.belongsTo ?? item.sourceKey;
    const legs = calls.get(key);
    if (legs) legs.push(item);
    else calls.set(key, [item]);
  }
  return [...calls.values()].flatMap(legs =>
    legs.length === 1
      ? legs
      : [
          ...legs
            .filter(({ kind }) => kind === 'interaction')
            .sort((a, b) => isInternal(a) - isInternal(b) || a.occurredAt.getTime() - b.occurredAt.getTime()),
          ...legs.filter(({ kind }) => kind !== 'interaction'),
        ],
  );
};
