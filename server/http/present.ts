import type { Models } from '../../models/index.ts';
import type { InteractionDoc } from '../../models/interactions.ts';
import { type Action, may } from '../access/may.ts';
import type { Principal } from '../access/principal.ts';
import { findInteraction } from '../read/interactions.ts';
import { notFound } from './problem.ts';

/** The interaction, if `who` may do `action` to it. Throws 404 otherwise, also when there is none. */
export const presentInteraction = async (
  { models }: { models: Models },
  who: Principal,
  action: Action,
  id: string,
): Promise<InteractionDoc> => {
  const found = await findInteraction(models, id);
  if (!found || !may(who, action, found)) throw notFound();
  return found;
};
