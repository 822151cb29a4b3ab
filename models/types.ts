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

/** What some counts come to together. */
export const sumOf = (counts: readonly Counts[]): Counts => ({
  stored: counts.reduce((sum, { stored }) => sum + stored, 0),
  duplicate: counts.reduce((sum, { duplicate }) => sum + duplicate, 0),
  quarantined: counts.reduce((sum, { quarantined }) => sum + quarantined, 0),
});
