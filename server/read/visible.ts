import type { InteractionDoc, StoredParticipant } from '../../models/interactions.ts';
import type { SightingDoc } from '../../models/sightings.ts';
import { blobId } from '../rules/keys.ts';

/** Accounts somebody may see; null: all. */
export type Allowed = readonly string[] | null;

const sees = (allowed: Allowed, account: string): boolean => allowed === null || allowed.includes(account);

/**
 * Whether somebody may see what only the first capture brought: its headers, its bytes, and what was added to it. Whoever may see one of an interaction's
 * accounts may see the interaction, but neither the place nor the bytes of another account's copy.
 */
export const seesFirst = (allowed: Allowed, { account }: Pick<InteractionDoc, 'account'>): boolean =>
  sees(allowed, account);

/** The participants that somebody may see: a Bcc only if they may see an account whose copy names it. */
export const visibleParticipants = (
  allowed: Allowed,
  { account, participants }: Pick<InteractionDoc, 'account' | 'participants'>,
): StoredParticipant[] =>
  participants.filter(({ role, accounts = [account] }) => role !== 'bcc' || accounts.some(one => sees(allowed, one)));

/** The sightings that somebody may see. */
export const visibleSightings = (allowed: Allowed, sightings: readonly SightingDoc[]): SightingDoc[] =>
  sightings.filter(({ account }) => sees(allowed, account));

/** An original that may be read. `sha256`: hex. */
export interface VisibleOriginal {
  blob: string;
  type: string;
  sha256: string;
}

type Owner = Pick<InteractionDoc, '_id' | 'account' | 'original' | 'revisions' | 'applied'>;

/** Originals of items that were added to an interaction (legs, statuses, recordings). */
const addedOriginals = ({ applied = [] }: Owner): VisibleOriginal[] =>
  applied.flatMap(({ original }) =>
    original ? [{ blob: original.blob, type: original.type, sha256: original.sha256 }] : [],
  );

/** The originals that somebody may read; that of the first capture comes first. */
export const visibleOriginals = (
  allowed: Allowed,
  interaction: Owner,
  sightings: readonly SightingDoc[],
): VisibleOriginal[] => {
  const { _id, original, revisions } = interaction;
  const first = seesFirst(allowed, interaction);
  const added = first ? addedOriginals(interaction) : [];
  const seen = visibleSightings(allowed, sightings).map(({ sha256 }) => sha256);
  const own = first && original ? [original.sha256, ...revisions.map(({ sha256 }) => sha256)] : [];
  const type = original?.type ?? '';
  const its = original ? [...own, ...seen].map(sha256 => ({ blob: blobId(_id, sha256), type, sha256 })) : [];
  // equal bytes are stored once
  const hashes = new Set<string>();
  return [...its, ...added].filter(({ sha256 }) => !hashes.has(sha256) && hashes.add(sha256));
};

/** The further contents that came under a known key, oldest first: the interaction's own, and those of items added to it. Another form of one content isn't one. */
export const revisionsOf = ({ revisions, applied = [] }: Owner): { at: Date; sha256: string }[] => {
  const again = applied.filter(
    ({ id, kind, sha256 }, index) =>
      kind !== 'status' && sha256 !== null && applied.slice(0, index).some(one => one.id === id && !one.form),
  );
  return [...revisions, ...again.map(({ at, sha256 }) => ({ at, sha256: sha256 ?? '' }))].sort(
    (a, b) => a.at.getTime() - b.at.getTime(),
  );
};
