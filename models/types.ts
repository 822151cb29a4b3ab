/** Shapes that several collections share. Dates without a time are `YYYY-MM-DD` strings in TALTEEN_TIMEZONE. */

export interface IdentifierValue {
  type: string;
  value: string;
}

/** First and last day of a customer relationship; no end: it lasts. */
export interface Relationship {
  startedAt: string | null;
  endedAt: string | null;
}

/** The retention tag of a timeline entry (DESIGN 8). `keepUntil` is the last day kept. */
export interface RetentionTag {
  policy: string;
  policyVersion: string;
  purpose: string;
  legalBasis: string;
  trigger: string;
  /** ISO 8601 duration */
  period: string;
  triggerAt: string | null;
  keepUntil: string | null;
}

export interface Counts {
  stored: number;
  duplicate: number;
  quarantined: number;
}
