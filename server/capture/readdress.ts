import type { Captured } from '../../connectors/contract.ts';
import type { Models } from '../../models/index.ts';
import type { InteractionDoc } from '../../models/interactions.ts';
import { targetId } from '../rules/keys.ts';
import { native } from '../store/native.ts';

const waits = ({ belongsTo, orElse }: Captured): boolean => belongsTo !== undefined && orElse !== 'create';

/**
 * What belongs to a leg of a call belongs to the call. Asked before bytes are written, which go with the interaction; an item whose leg isn't known yet
 * waits for it, and comes here again.
 */
export const readdressed = async (
  models: Models,
  account: string,
  items: readonly Captured[],
): Promise<readonly Captured[]> => {
  const targets = [...new Set(items.filter(waits).map(item => targetId(account, item)))];
  if (targets.length === 0) return items;
  const found = await native(models.interactions)
    .find<Pick<InteractionDoc, 'sourceKey' | 'legs'>>(
      { 'legs.standsFor': { $in: targets } },
      { projection: { sourceKey: 1, 'legs.standsFor': 1 } },
    )
    .toArray();
  const calls = new Map(
    found.flatMap(({ sourceKey, legs = [] }) => legs.map(({ standsFor }) => [standsFor, sourceKey] as const)),
  );
  return items.map(item => {
    const call = waits(item) ? calls.get(targetId(account, item)) : undefined;
    return call === undefined ? item : { ...item, belongsTo: call };
  });
};
