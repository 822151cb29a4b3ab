import type { Account, Captured, Direction, Participant } from './contract.ts';

/** What an interaction has that later items add to. */
export interface Folded {
  details: unknown;
  /** what its timeline entries say; unset: as before, and a message says it itself */
  summary?: string;
  /** when it began, and which way it went, by all that is known of it now; unset: as before */
  occurredAt?: Date;
  direction?: Direction;
  /** of whom there is more to say than when they came in: their names now, and further addresses */
  participants?: Participant[];
}

/** An item without its bytes: what `fold` may look at. */
export type FoldedItem = Omit<Captured, 'parts' | 'raw' | 'dispose'>;

/** What the copies that were captured so far say of an item whose key is its author's. */
interface KnownCopies {
  direction: Direction;
  participants: readonly Participant[];
}

/**
 * Merges a further copy with what the copies before it say: answers one item that says all of it, or null when this copy adds nothing. Pure, and the result
 * is the same in whatever order the copies come.
 */
export type Complete = (known: KnownCopies, copy: Captured, ours: Account['ours']) => Captured | null;
