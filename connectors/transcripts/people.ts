import { cutName } from '../common/cut.ts';
import { isOurs } from '../common/ours.ts';
import type { Account, Identifier } from '../contract.ts';
import type { HubDefaults, TranscriptsConfig } from './config.ts';
import { addressIn, idIn, numberIn } from './identifiers.ts';

/** Somebody in a chat. The first identifier is the one to be recognised by. */
export interface Person {
  name?: string;
  identifiers: [Identifier, ...Identifier[]];
  isAgent: boolean;
}

/** What a provider says of somebody. */
export interface Described {
  /** whatever it calls them by; agents are told by any of these */
  names?: readonly (string | null | undefined)[];
  email?: string | null | undefined;
  phone?: string | null | undefined;
  /** the provider's id of a visitor */
  id?: string | number | null | undefined;
  /** a number that anybody may enter for themselves, their company's too: it says less than the id */
  enteredPhone?: string | null | undefined;
  isAgent?: boolean;
  /** the provider says that it is none of ours: they may call themselves what they like; an address of ours is left out */
  isVisitor?: boolean;
}

export type Recognise = (described: Described) => Person;

const plain = (name: string): string => name.normalize('NFC').replace(/\s+/g, ' ').trim().toLowerCase();

/** Numbers and short ids mean somebody else at the next installation: ours of the account keeps them apart. */
const chatId = (account: string, id: string): string => (/^\d+$|^.{0,7}$/.test(id) ? `${account}:${id}` : id);

const isFilled = (value: string | null | undefined): value is string => !!value?.trim();

const PHONE = /^\+?[\d\s().\-/\u00a0\u202f\u2011]{6,25}$/;

/** Whether a name is a telephone number, as of people who are in nobody's address book. */
export const isPhone = (name: string): boolean => PHONE.test(name) && (name.match(/\d/g)?.length ?? 0) >= 6;

/**
 * Makes people of what is said of them: who is named as an agent, or has an address of ours, is one. What stands for an address or a
 * number and is none is left out.
 */
export const makeRecognise = (
  account: Pick<Account<TranscriptsConfig>, 'id' | 'config' | 'ours'>,
  { country }: Pick<HubDefaults, 'country'>,
): Recognise => {
  const agents = new Set(account.config.agents.map(plain));
  return ({ names = [], email: address, phone, id, enteredPhone, isAgent = false, isVisitor = false }) => {
    const known = names.filter(isFilled).map(name => cutName(name.trim()));
    const given = addressIn(address);
    const isOur = given !== null && isOurs(given, account.ours);
    const email = isVisitor && isOur ? null : given;
    const identifiers: Identifier[] = [];
    const add = (type: string, value: string | null): void => {
      if (value !== null) identifiers.push({ type, value });
    };
    const own = idIn(id);
    add('email', email);
    add('phone', numberIn(phone, country));
    add('chat', own && chatId(account.id, own));
    add('phone', numberIn(enteredPhone, country));
    const [first = { type: 'name', value: known[0] ?? 'unknown' }, ...more] = identifiers;
    const isNamed = [...known, ...(email ? [email] : [])].some(name => agents.has(plain(name)));
    return {
      ...(known[0] ? { name: known[0] } : {}),
      identifiers: [first, ...more],
      isAgent: !isVisitor && (isAgent || isNamed || isOur),
    };
  };
};

/** Whether a contact can be found by what is known of them: a name is nobody's alone. */
export const isRecognisable = ({ identifiers: [first] }: Person): boolean => first.type !== 'name';

export const personKey = ({ identifiers: [{ type, value }] }: Person): string => `${type}:${value}`;

/** Each once, in their order; agents left out. */
export const visitorsOf = (people: Iterable<Person>): Person[] => {
  const found = new Map<string, Person>();
  for (const person of people)
    if (!person.isAgent) found.set(personKey(person), found.get(personKey(person)) ?? person);
  return [...found.values()];
};
