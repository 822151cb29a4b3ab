import type { Captured, Failed } from '../../contract.ts';
import type { Place } from './place.ts';

/** What one step of reading a file gives, and the place up to which it was read then. */
export interface Piece {
  items: Captured[];
  failed: Failed[];
  place: Place;
}

const isInternal = ({ direction }: Captured): number => Number(direction === 'internal');

/**
 * Puts the legs of each call together, those with somebody outside before internal ones: the first leg makes the call and decides whose it is. Otherwise the
 * order is kept.
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
