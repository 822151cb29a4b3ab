import { defaultPolicies, type PolicySetting, policyVersion } from '../../config/policies.ts';
import type { Models } from '../../models/index.ts';
import type { Policies } from '../rules/retention.ts';

/** Puts those of the default policies into the database that it hasn't; what is there already stays as it is. */
export const seedPolicies = async (
  { policies }: Pick<Models, 'policies'>,
  settings: readonly PolicySetting[] = defaultPolicies,
): Promise<void> => {
  await policies.bulkWrite(
    settings.map(({ id, ...policy }) => ({
      updateOne: {
        filter: { _id: id },
        update: { $setOnInsert: { ...policy, version: policyVersion({ id, ...policy }) } },
        upsert: true,
      },
    })),
  );
};

/** The retention policies that apply, by id. */
export const loadPolicies = async ({ policies }: Pick<Models, 'policies'>): Promise<Policies> =>
  new Map((await policies.find().lean()).map(({ _id, ...policy }) => [_id, { id: _id, ...policy }]));
