import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { isStandIn } from '../common/withheld.ts';
import type { Captured, Direction, Participant } from '../contract.ts';
import type { Cdr } from './types.ts';

/** One side of a call. */
interface Party {
  /** E.164 for a public number, else as the switch writes it */
  value: string;
  isPublic: boolean;
  isOurs: boolean;
  /** its number was withheld */
  isWithheld: boolean;
  name?: string;
}

/** How an account reads telephone numbers. */
export interface Numbers {
  /** in E.164; null when it is no valid public number */
  publicNumber(text: string): string | null;
  /** as publicNumber, for a number that was dialled: the prefix for outside calls is tried first, since with what follows it can look like a country code */
  dialledNumber(text: string): string | null;
  isOwn(text: string): boolean;
  /** the account lists our own numbers, so any other public number is somebody else's */
  hasOwn: boolean;
}

const MOST_KNOWN = 20_000;
const WITHHELD =
  /^((anonymous|anonymus|restricted|private|unknown|unavailable|withheld|blocked|hidden|no ?number|no ?caller ?id|asreceived|not ?available|salainen|tuntematon|unbekannte?r?|unterdrückte?|anonym|dolt|okänt|okänd|skyddat|hemligt|privat)( (caller|number|numero|nummer|name|soittaja|uppringare|anrufer))?|0{5,})$/i;
const WITHHELD_REASON = 'The caller’s number was withheld.';
const INTERNAL_REASON = 'A call among ourselves.';
const NUMBERLESS_REASON = 'No public number takes part in it.';
const OTHER_SIDE_REASON = 'The log has no public number of whom it was with.';

/** Without what exports add so that a spreadsheet doesn't take a number for a quantity: `'+358…`, `="040…"`. */
const withoutGuard = (text: string): string => text.replace(/^'(?=\+?\d)|^="(.*)"$/, '$1');

const bare = (text: string): string =>
  (
    withoutGuard(text.trim())
      .replace(/^(tel|sips?):/i, '')
      .split(/[@;]/, 1)[0] ?? ''
  ).trim();

const isWithheld = (text: string): boolean =>
  WITHHELD.test((text.split(/[(<]/, 1)[0] ?? '').trim() || text) || isStandIn(text.replace(/^00/, '+'));

/**
 * Whether this is an extension: up to five figures without a prefix, although some countries' numbering plans allow such numbers (31570 would be Finnish); six
 * only where the country dials more, since in some that is a whole number (Luxembourg, the Faroes).
 */
const isExtension = (given: string, national: () => string): boolean =>
  /^[1-9]\d{0,4}$/.test(given) || (/^[1-9]\d{5}$/.test(given) && national().replace(/\D/g, '') !== given);

/** E.164 without its +, as some trunks give callers from abroad. National numbers are shorter. */
const BARE_E164 = /^[1-9]\d{10,14}$/;

interface NumberSettings {
  country: string;
  own: readonly string[];
  /** what is dialled first to call outside */
  outsidePrefix?: string | undefined;
}

/** The `Numbers` of an account. Those without a prefix belong to `country` (ISO 3166). */
export const makeNumbers = ({ country, own, outsidePrefix = '' }: NumberSettings): Numbers => {
  const options = {
    ...(isSupportedCountry(country) && { defaultCountry: country as CountryCode }),
    extract: false,
  };
  const read = (text: string): string | null => {
    const given = bare(text);
    const number = parsePhoneNumberFromString(given, options);
    return number?.isValid() && !isExtension(given, () => number.formatNational()) ? number.number : null;
  };
  const known = new Map<string, string | null>();
  const asGiven = (text: string): string | null => {
    const before = known.get(text);
    if (before !== undefined) return before;
    if (known.size >= MOST_KNOWN) known.clear();
    const found = read(text);
    known.set(text, found);
    return found;
  };
  const withoutPrefix = (text: string): string | null => {
    const given = bare(text);
    return outsidePrefix !== '' && given.startsWith(outsidePrefix) ? asGiven(given.slice(outsidePrefix.length)) : null;
  };
  const withoutPlus = (text: string): string | null => {
    const given = bare(text);
    return BARE_E164.test(given) ? asGiven(`+${given}`) : null;
  };
  const publicNumber = (text: string) => asGiven(text) ?? withoutPrefix(text) ?? withoutPlus(text);
  const dialledNumber = (text: string) => withoutPrefix(text) ?? asGiven(text);
  const plain = (text: string): string => publicNumber(text) ?? bare(text).replace(/[\s().-]/g, '');
  const ours = new Set(own.map(plain));
  return { publicNumber, dialledNumber, isOwn: text => ours.has(plain(text)), hasOwn: ours.size > 0 };
};

/**
 * One side of a call, from the numbers that a record has for it: the first that is public and not ours, else the first that isn't withheld. `name` belongs to
 * the first number and is dropped when another is chosen (of a transfer, say).
 */
const partyOf = (
  candidates: readonly string[],
  name: string | undefined,
  read: (text: string) => string | null,
  { isOwn }: Numbers,
): Party | null => {
  const given = candidates.map(text => text.trim()).filter(text => text !== '');
  const isForeign = (text: string) => {
    const number = read(text);
    return number !== null && !isOwn(number);
  };
  const chosen = given.find(isForeign) ?? given.find(text => !isWithheld(bare(text))) ?? given[0];
  if (chosen === undefined) return null;
  const number = read(chosen);
  const said = chosen === given[0] ? name?.trim() : undefined;
  return {
    value: number ?? bare(chosen),
    isPublic: number !== null,
    isOurs: number === null || isOwn(number),
    isWithheld: isWithheld(bare(chosen)),
    ...(said && /\p{L}/u.test(said) && said !== chosen && !isWithheld(said) ? { name: said } : {}),
  };
};

/** Direction by who is ours. A caller whose number is withheld counts as outside when the called may be ours, and as ours when the called is outside. */
const directionOf = (
  from: Party | null,
  to: Party | null,
  { direction, isPlaced }: Cdr,
  hasOwn: boolean,
): Direction => {
  if (direction) return direction;
  const toOurs = to === null || to.isOurs;
  const isNobody = from === null || from.isWithheld;
  const fromOurs = isNobody ? !toOurs && (hasOwn || isPlaced === true) : from.isOurs;
  if (fromOurs) return toOurs ? 'internal' : 'outbound';
  return 'inbound';
};

const participantOf = (role: 'from' | 'to' | 'agent', { value, isPublic, name }: Party): Participant => ({
  role,
  identifier: { type: isPublic ? 'phone' : 'extension', value },
  ...(name ? { name } : {}),
});

const isForeign = (party: Party | null): boolean => party?.isPublic === true && !party.isOurs;

const isSaid = (party: Party | null): boolean => party !== null && !party.isWithheld;

/**
 * Whether caller and called are swapped: some logs have the outside number in one column and our telephone in the other whatever the direction, which a third
 * column says. It is certain only when our own numbers are known and neither number is withheld.
 */
const isTurned = (cdr: Cdr, from: Party | null, to: Party | null, { hasOwn }: Numbers): boolean => {
  if (!hasOwn || !isSaid(from) || !isSaid(to)) return false;
  if (cdr.direction === 'outbound') return isForeign(from) && !isForeign(to);
  return cdr.direction === 'inbound' && isForeign(to) && !isForeign(from);
};

/**
 * Caller and called. In a leg of click-to-dial the switch calls one of ours first: that one is the caller, although the record has it as the called, and the
 * record's caller is often the number to be called.
 */
const sidesOf = (cdr: Cdr, numbers: Numbers): [Party | null, Party | null] => {
  const first = partyOf(cdr.from, cdr.fromName, numbers.publicNumber, numbers);
  const second = partyOf(cdr.to, cdr.toName, numbers.dialledNumber, numbers);
  if (cdr.called && second?.isOurs)
    return [second, partyOf([...cdr.called, ...cdr.from], undefined, numbers.dialledNumber, numbers)];
  return isTurned(cdr, first, second, numbers) ? [second, first] : [first, second];
};

/** The agent who took a call from a queue or another telephone; none when that is one of the two sides already. */
const agentsOf = ({ takenBy }: Cdr, sides: readonly Participant[], numbers: Numbers): Participant[] => {
  const party = takenBy ? partyOf([takenBy.number], takenBy.name, numbers.dialledNumber, numbers) : null;
  if (!party?.isOurs || party.isWithheld || sides.some(({ identifier }) => identifier.value === party.value)) return [];
  return [participantOf('agent', party)];
};

const reasonOf = (direction: Direction, from: Party | null, to: Party | null): string => {
  if (direction === 'internal') return INTERNAL_REASON;
  if (direction === 'inbound' && !isSaid(from)) return WITHHELD_REASON;
  return from?.isPublic || to?.isPublic ? OTHER_SIDE_REASON : NUMBERLESS_REASON;
};

/** What the two sides of a leg mean for its item. */
export type Parties = Pick<Captured, 'direction' | 'participants' | 'parties' | 'unlinkedReason'>;

/**
 * Participants and direction of a leg. A number is ours when the account lists it or when it is no valid public number. Both ours: internal; caller ours:
 * outbound; else inbound. The call belongs to the side that isn't ours.
 */
export const partiesOf = (cdr: Cdr, numbers: Numbers): Parties => {
  const [from, to] = sidesOf(cdr, numbers);
  const direction = directionOf(from, to, cdr, numbers.hasOwn);
  const sides = [
    { role: 'from' as const, party: from, isOther: direction === 'inbound' },
    { role: 'to' as const, party: to, isOther: direction === 'outbound' },
  ].filter((side): side is typeof side & { party: Party } => side.party !== null && !side.party.isWithheld);
  const told = sides.map(({ role, party }) => participantOf(role, party));
  const participants = [...told, ...agentsOf(cdr, told, numbers)];
  const parties = sides.flatMap(({ party, isOther }, index) => (isOther && party.isPublic ? [index] : []));
  if (parties.length > 0) return { direction, participants, parties };
  return { direction, participants, unlinkedReason: reasonOf(direction, from, to) };
};
