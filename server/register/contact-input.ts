import type { IdentifierValue, Relationship } from '../../models/types.ts';
import { type FieldError, FieldErrors } from '../errors.ts';
import { normaliseIdentifier } from '../rules/identity.ts';
import { toLocalDay } from '../rules/retention.ts';
import type { RegisterContext } from './context.ts';
import type { ContactInput, OrganisationInput } from './types.ts';

type Reading = Pick<RegisterContext, 'zone' | 'country' | 'isOurs'>;

/** A checked change of a contact: normalised values, and only the fields that were given. */
export interface ContactChange {
  name: Partial<{ first: string | null; last: string | null }>;
  organisation?: { id?: string; name?: string } | null;
  identifiers?: IdentifierValue[];
  identifiersOf?: Map<string, IdentifierValue[]>;
  relationship: Partial<Relationship>;
  externalId?: string | null;
  /** the change says who the contact is, so it is no longer provisional */
  makesKnown: boolean;
}

const MAX = 200;
const faults = new Map([
  ['email', 'not an e-mail address'],
  ['phone', 'not a possible public phone number'],
]);

/** Text in NFC, trimmed; null (clears the field) and undefined (not given) as they are. Adds an error at `pointer` when it is too long or empty. */
export const readText = (
  value: string | null | undefined,
  pointer: string,
  errors: FieldError[],
): string | null | undefined => {
  if (value === null || value === undefined) return value;
  const text = value.normalize('NFC').trim();
  if (text === '') errors.push({ pointer, detail: 'empty: null clears it' });
  if (text.length > MAX) errors.push({ pointer, detail: `longer than ${MAX} characters` });
  return text;
};

/** The days (YYYY-MM-DD) of a relationship; an instant becomes its day in the zone. Adds an error for what is neither. */
export const readRelationship = (
  input: OrganisationInput['relationship'],
  zone: string,
  errors: FieldError[],
): Partial<Relationship> => {
  if (input === null) return { startedAt: null, endedAt: null };
  const days: Partial<Relationship> = {};
  for (const field of ['startedAt', 'endedAt'] as const) {
    const value = input?.[field];
    if (value === undefined) continue;
    days[field] = value === null ? null : toLocalDay(value, zone);
    if (value !== null && days[field] === null)
      errors.push({ pointer: `/relationship/${field}`, detail: 'not a day (YYYY-MM-DD) or instant (ISO 8601)' });
  }
  return days;
};

/** Throws FieldErrors when a relationship ends before it starts. */
export const endsAfterStart = ({ startedAt, endedAt }: Relationship): void => {
  if (startedAt !== null && endedAt !== null && endedAt < startedAt)
    throw new FieldErrors([{ pointer: '/relationship/endedAt', detail: `before the start, ${startedAt}` }]);
};

const readIdentifier = (
  context: Reading,
  identifier: IdentifierValue,
  pointer: string,
  errors: FieldError[],
): IdentifierValue[] => {
  const normal = normaliseIdentifier(identifier, context);
  if (normal && !context.isOurs?.(normal)) return [normal];
  const detail = normal ? 'one of our own, which no contact has' : faults.get(identifier.type.trim().toLowerCase());
  errors.push({ pointer, detail: detail ?? 'not an identifier' });
  return [];
};

const unique = (identifiers: IdentifierValue[]): IdentifierValue[] => [
  ...new Map(identifiers.map(one => [`${one.type}:${one.value}`, one])).values(),
];

const readIdentifiers = (context: Reading, input: ContactInput, errors: FieldError[]) => {
  if (input.identifiers === undefined) return undefined;
  return unique(
    (input.identifiers ?? []).flatMap((one, i) => readIdentifier(context, one, `/identifiers/${i}/value`, errors)),
  );
};

const readIdentifiersOf = (context: Reading, input: ContactInput, errors: FieldError[]) => {
  if (!input.identifiersOf) return undefined;
  const byType = Object.entries(input.identifiersOf).map(([type, values]): [string, IdentifierValue[]] => [
    type,
    unique(values.flatMap((value, i) => readIdentifier(context, { type, value }, `/${type}/${i}`, errors))),
  ]);
  return new Map(byType);
};

const readOrganisation = (input: ContactInput['organisation'], errors: FieldError[]) => {
  if (input === null || input === undefined) return input;
  const given = typeof input === 'string' ? { name: input } : input;
  const id = readText(given.id, '/organisation/id', errors);
  const name = readText(given.name, typeof input === 'string' ? '/organisation' : '/organisation/name', errors);
  if (!id && !name) errors.push({ pointer: '/organisation', detail: 'neither id nor name' });
  return { ...(id && { id }), ...(name && { name }) };
};

const hasValue = (values: object): boolean =>
  Object.values(values).some(value => value !== null && value !== undefined);

/** Checks and normalises a contact's change. Throws FieldErrors with all faults. */
export const readContactInput = (context: Reading, input: ContactInput): ContactChange => {
  const errors: FieldError[] = [];
  const name: ContactChange['name'] = input.name === null ? { first: null, last: null } : {};
  for (const part of ['first', 'last'] as const) {
    const text = readText(input.name?.[part], `/name/${part}`, errors);
    if (text !== undefined) name[part] = text;
  }
  const organisation = readOrganisation(input.organisation, errors);
  const identifiers = readIdentifiers(context, input, errors);
  const identifiersOf = readIdentifiersOf(context, input, errors);
  const relationship = readRelationship(input.relationship, context.zone, errors);
  const externalId = readText(input.externalId, '/externalId', errors);
  if (errors.length) throw new FieldErrors(errors);
  return {
    name,
    ...(organisation !== undefined && { organisation }),
    ...(identifiers && { identifiers }),
    ...(identifiersOf && { identifiersOf }),
    relationship,
    ...(externalId !== undefined && { externalId }),
    makesKnown: input.provisional === false || hasValue({ ...name, ...relationship, organisation, externalId }),
  };
};
