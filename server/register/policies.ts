import { defaultPolicies, type PolicySetting, policyVersion } from '../../config/policies.ts';
import type { Models } from '../../models/index.ts';
import type { Policies } from '../rules/retention.ts';

/** Adds default policies that the database doesn't have; those that are there stay as they are. */
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
