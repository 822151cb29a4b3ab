import type { RetentionTag } from '../../server/rules/retention.ts';

/** A retention tag for entries whose retention doesn't matter. */
export const anyTag: RetentionTag = {
  policy: 'p',
  policyVersion: 'v',
  purpose: 'x',
  legalBasis: 'x',
  trigger: 'captured',
  period: 'P1Y',
  triggerAt: null,
  keepUntil: null,
};
