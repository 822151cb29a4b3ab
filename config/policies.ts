import { createHash } from 'node:crypto';

/** A retention policy as it is configured: how long something is kept, from when, for what and on which basis. */
export interface PolicySetting {
  id: string;
  purpose: string;
  /** of the GDPR */
  legalBasis: string;
  trigger: 'relationship-end' | 'captured';
  /** ISO 8601 duration */
  period: string;
}

/** What the database is seeded with; from then on it holds the policies. */
export const defaultPolicies: readonly PolicySetting[] = [
  {
    id: 'customer-relationship',
    purpose: 'Customer service, and settling claims after the relationship has ended',
    legalBasis: 'Art. 6(1)(f) GDPR: legitimate interest, customer relationship',
    trigger: 'relationship-end',
    period: 'P5Y',
  },
  {
    id: 'unknown-sender',
    purpose: 'Answering someone who is not known as a customer yet',
    legalBasis: 'Art. 6(1)(f) GDPR: legitimate interest, answering whoever writes',
    trigger: 'captured',
    period: 'P1Y',
  },
  {
    id: 'unlinked',
    purpose: 'Finding out whom an interaction belongs to',
    legalBasis: 'Art. 6(1)(f) GDPR: legitimate interest, complete records of customer service',
    trigger: 'captured',
    period: 'P1Y',
  },
  {
    id: 'quarantine',
    purpose: 'Making readable what could not be read when it came',
    legalBasis: 'Art. 6(1)(f) GDPR: legitimate interest, complete records of customer service',
    trigger: 'captured',
    period: 'P1Y',
  },
];

/** Hash of all that a policy says, 12 hex digits: another word is another version. */
export const policyVersion = ({ id, purpose, legalBasis, trigger, period }: PolicySetting): string =>
  createHash('sha256')
    .update(JSON.stringify([id, purpose, legalBasis, trigger, period]))
    .digest('hex')
    .slice(0, 12);
