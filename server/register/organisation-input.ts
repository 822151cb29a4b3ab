import { domainToASCII } from 'node:url';
import type { Relationship } from '../../models/types.ts';
import { type FieldError, FieldErrors } from '../errors.ts';
import { isPublicMailDomain, organisationDomainsOf } from '../rules/identity.ts';
import { readRelationship, readText } from './contact-input.ts';
import type { OrganisationInput } from './types.ts';

/** A checked change of an organisation: normalised values, and only the fields that were given. */
export interface OrganisationChange {
  name?: string;
  domains?: string[];
  relationship: Partial<Relationship>;
  externalId?: string | null;
}

const HOST = /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+$/;

const readDomain = (given: string, pointer: string, errors: FieldError[]): string[] => {
  const domain = domainToASCII(given.trim().replace(/^@/, '').replace(/\.$/, '').toLowerCase());
  const refuse = (detail: string): string[] => {
    errors.push({ pointer, detail });
    return [];
  };
  if (!HOST.test(domain)) return refuse('not a domain');
  if (isPublicMailDomain(domain)) return refuse('a public mail provider’s: says nothing about an organisation');
  if (organisationDomainsOf(domain).length === 0) return refuse('a public suffix: no one organisation’s');
  return [domain];
};

/** Checks and normalises an organisation's change. `isNew`: it needs a name. Throws FieldErrors with all faults. */
export const readOrganisationInput = (input: OrganisationInput, zone: string, isNew: boolean): OrganisationChange => {
  const errors: FieldError[] = [];
  const name = readText(input.name, '/name', errors)?.replace(/\s+/g, ' ');
  if (isNew && name === undefined) errors.push({ pointer: '/name', detail: 'an organisation has a name' });
  const domains = (input.domains ?? []).flatMap((domain, i) => readDomain(domain, `/domains/${i}`, errors));
  const relationship = readRelationship(input.relationship, zone, errors);
  const externalId = readText(input.externalId, '/externalId', errors);
  if (errors.length) throw new FieldErrors(errors);
  return {
    ...(name !== undefined && { name }),
    ...(input.domains !== undefined && { domains: [...new Set(domains)] }),
    relationship,
    ...(externalId !== undefined && { externalId }),
  };
};
