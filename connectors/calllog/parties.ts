import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import type { Captured, Direction, Participant } from '../contract.ts';
import type { Cdr } from './types.ts';

/** A side of a call. */
interface Party {
  /** E.164 of a public number, else what the switch has */
  value: string;
  isPublic: boolean;
  isOurs: boolean;
  /** it is somebody, but the number was withheld */
  isWithheld: boolean;
  name?: string;
}

export interface Numbers {
  /** E.164; null for what is no valid public number */
  publicNumber(text: string): string | null;
  isOwn(text: string): boolean;
}

const MOST_KNOWN = 20_000;
const WITHHELD =
  /^(anonymous|anonymus|restricted|private|unknown|unavailable|withheld|blocked|hidden|no ?number|asreceived|not ?available|salainen|tuntematon|unbekannt|anonym)( caller)?$/i;
const WITHHELD_REASON = 'The caller’s number was withheld.';
const INTERNAL_REASON = 'A call among ourselves.';
const NUMBERLESS_REASON = 'No public number takes part in it.';

const bare = (text: string): string =>
  (
    text
      .trim()
      .replace(/^(tel|sips?):/i, '')
      .split(/[@;]/, 1)[0] ?? ''
  ).trim();

/** Numbers as an account reads them: those without a prefix are `country`'s. */
export const makeNumbers = ({ country, own }: { country: string; own: readonly string[] }): Numbers => {
  const options = {
    ...(isSupportedCountry(country) && { defaultCountry: country as CountryCode }),
    extract: false,
  };
  const read = (text: string): string | null => {
    const number = parsePhoneNumberFromString(bare(text), options);
    return number?.isValid() ? number.number : null;
  };
  const known = new Map<string, string | null>();
  const publicNumber = (text: string): string | null => {
    const before = known.get(text);
    if (before !== undefined) return before;
    if (known.size >= MOST_KNOWN) known.clear();
    const found = read(text);
    known.set(text, found);
    return found;
  };
  const plain = (text: string): string => publicNumber(text) ?? bare(text).replace(/[\s().-]/g, '');
  const ours = new Set(own.map(plain));
  return { publicNumber, isOwn: text => ours.has(plain(text)) };
};

const partyOf = (
  candidates: readonly string[],
  name: string | undefined,
  { publicNumber, isOwn }: Numbers,
): Party | null => {
  const given = candidates.map(text => text.trim()).filter(text => text !== '');
  const isForeign = (text: string) => publicNumber(text) !== null && !isOwn(text);
  const chosen = given.find(isForeign) ?? given[0];
  if (chosen === undefined) return null;
  const number = publicNumber(chosen);
  const said = name?.trim();
  return {
    value: number ?? bare(chosen),
    isPublic: number !== null,
    isOurs: number === null || isOwn(chosen),
    isWithheld: WITHHELD.test(bare(chosen)),
    ...(said && /\p{L}/u.test(said) && said !== chosen && !WITHHELD.test(said) ? { name: said } : {}),
  };
};

/** A caller that says nothing of itself, to a number of ours, is somebody outside. */
const directionOf = (from: Party | null, to: Party | null, said: Direction | undefined): Direction => {
  if (said) return said;
  const fromOurs = from?.isOurs === true && !from.isWithheld;
  const toOurs = to === null || to.isOurs;
  if (fromOurs) return toOurs ? 'internal' : 'outbound';
  return 'inbound';
};

const participantOf = (role: 'from' | 'to', { value, isPublic, name }: Party): Participant => ({
  role,
  identifier: { type: isPublic ? 'phone' : 'extension', value },
  ...(name ? { name } : {}),
});

const reasonOf = (direction: Direction, from: Party | null): string => {
  if (direction === 'internal') return INTERNAL_REASON;
  return direction === 'inbound' && (from === null || from.isWithheld) ? WITHHELD_REASON : NUMBERLESS_REASON;
};

export type Parties = Pick<Captured, 'direction' | 'participants' | 'parties' | 'unlinkedReason'>;

/**
 * Who takes part in a leg. A party is ours when it is one of our own numbers, or no valid public number; both ours is internal, from ours outbound,
 * else inbound. The one that isn't ours gets the call on its timeline.
 */
export const partiesOf = (cdr: Cdr, numbers: Numbers): Parties => {
  const from = partyOf(cdr.from, cdr.fromName, numbers);
  const to = partyOf(cdr.to, cdr.toName, numbers);
  const direction = directionOf(from, to, cdr.direction);
  const sides = [
    { role: 'from' as const, party: from, isOther: direction === 'inbound' },
    { role: 'to' as const, party: to, isOther: direction === 'outbound' },
  ].filter((side): side is typeof side & { party: Party } => side.party !== null && !side.party.isWithheld);
  const participants = sides.map(({ role, party }) => participantOf(role, party));
  const parties = sides.flatMap(({ party, isOther }, index) => (isOther && party.isPublic ? [index] : []));
  if (parties.length > 0) return { direction, participants, parties };
  return { direction, participants, unlinkedReason: reasonOf(direction, from) };
};
