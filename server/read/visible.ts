import type { InteractionDoc } from '../../models/interactions.ts';
import type { SightingDoc } from '../../models/sightings.ts';
import { blobId } from '../rules/keys.ts';

/** Accounts somebody may see; null: all. */
export type Allowed = readonly string[] | null;

const sees = (allowed: Allowed, account: string): boolean => allowed === null || allowed.includes(account);

/**
 * Whoever may see one of its accounts may see an interaction, but of another account's copy neither where it lies nor its
 * bytes nor whom that copy names as Bcc: those came with the first capture.
 */
export const seesFirst = (allowed: Allowed, { account }: Pick<InteractionDoc, 'account'>): boolean =>
  sees(allowed, account);

export const visibleSightings = (allowed: Allowed, sightings: readonly SightingDoc[]): SightingDoc[] =>
  sightings.filter(({ account }) => sees(allowed, account));

export interface VisibleOriginal {
  blob: string;
  type: string;
  sha256: string;
}

type Owner = Pick<InteractionDoc, '_id' | 'account' | 'original' | 'revisions'>;

/** Originals that may be handed out, the one of the first capture first. */
export const visibleOriginals = (
  allowed: Allowed,
  interaction: Owner,
  sightings: readonly SightingDoc[],
): VisibleOriginal[] => {
  const { _id, original, revisions } = interaction;
  if (!original) return [];
  const first = seesFirst(allowed, interaction);
  const seen = visibleSightings(allowed, sightings).map(({ sha256 }) => sha256);
  const own = first ? [original.sha256, ...revisions.map(({ sha256 }) => sha256)] : [];
  // hashes, not copies: the same bytes lie once
  return [...new Set([...own, ...seen])].map(sha256 => ({ blob: blobId(_id, sha256), type: original.type, sha256 }));
};
