import type { Captured, Direction } from './contract.ts';

/** What an interaction has that later items add to. */
export interface Folded {
  details: unknown;
  /** what its timeline entries say; unset: as before */
  summary?: string;
  /** when it began, and which way it went, by all that is known of it now; unset: as before */
  occurredAt?: Date;
  direction?: Direction;
}

/** An item without its bytes: what `fold` may look at. */
export type FoldedItem = Omit<Captured, 'parts' | 'raw' | 'dispose'>;
