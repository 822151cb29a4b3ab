import { dayAfter, toLocalDay } from './retention-days.ts';

export { toLocalDay } from './retention-days.ts';

/** A retention policy. `version`: hash of its content. */
export interface Policy {
  id: string;
  version: string;
  purpose: string;
  legalBasis: string;
  trigger: string;
  /** ISO 8601 duration */
  period: string;
}
/** Policies by id. */
export type Policies = ReadonlyMap<string, Policy>;

/**
 * The retention tag of an entry (DESIGN 8). Days are YYYY-MM-DD in the hub's zone. `keepUntil` is the last day on which it is kept; it and `triggerAt` are null
 * until the trigger happens.
 */
export interface RetentionTag {
  policy: string;
  policyVersion: string;
  purpose: string;
  legalBasis: string;
  trigger: string;
  period: string;
  triggerAt: string | null;
  keepUntil: string | null;
}

interface Lasting {
  relationship: { startedAt: string | null; endedAt: string | null };
}

/** All that a timeline entry's tag depends on. */
export interface RetentionFacts {
  contact: (Lasting & { provisional: boolean }) | null;
  organisation: Lasting | null;
  occurredAt: Date;
  capturedAt: Date;
  /** IANA name of the hub's zone */
  zone: string;
}

const tag = (policies: Policies, id: string, triggerAt: (policy: Policy) => string | null): RetentionTag => {
  const policy = policies.get(id);
  if (!policy) throw new Error(`There is no retention policy '${id}'.`);
  const from = triggerAt(policy);
  return {
    policy: id,
    policyVersion: policy.version,
    purpose: policy.purpose,
    legalBasis: policy.legalBasis,
    trigger: policy.trigger,
    period: policy.period,
    triggerAt: from,
    keepUntil: from === null ? null : dayAfter(from, policy.period),
  };
};

const later = (a: string, b: string): string => (a > b ? a : b);

/**
 * Day on which the relationship ends; null while it lasts. The earlier of two ends counts: a person may leave an organisation that stays a customer, and an
 * organisation may leave with all its people.
 */
const relationshipEnd = ({ contact, organisation }: RetentionFacts): string | null => {
  const ends = [contact?.relationship.endedAt, organisation?.relationship.endedAt].filter(day => day != null);
  return ends.length ? ends.reduce((a, b) => (a < b ? a : b)) : null;
};

const triggers: Record<string, (facts: RetentionFacts) => string | null> = {
  'relationship-end': facts => {
    const end = relationshipEnd(facts);
    return end === null ? null : later(end, toLocalDay(facts.occurredAt, facts.zone));
  },
  captured: ({ capturedAt, zone }) => toLocalDay(capturedAt, zone),
};

const policyFor = ({ contact }: RetentionFacts): string =>
  contact === null ? 'unlinked' : contact.provisional ? 'unknown-sender' : 'customer-relationship';

/** The retention tag of a timeline entry. Throws when its policy is missing, or has an unknown trigger. */
export const stampRetention = (policies: Policies, facts: RetentionFacts): RetentionTag =>
  tag(policies, policyFor(facts), ({ id, trigger }) => {
    const rule = triggers[trigger];
    if (!rule) throw new Error(`Retention policy '${id}' has the unknown trigger '${trigger}'.`);
    return rule(facts);
  });

/** The retention tag of a quarantine row, which is kept for the policy's period from when it came in. */
export const quarantineTag = (policies: Policies, at: Date, zone: string): RetentionTag =>
  tag(policies, 'quarantine', () => toLocalDay(at, zone));
