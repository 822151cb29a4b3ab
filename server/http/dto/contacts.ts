import { z } from 'zod';
import { id, identifier, instant, page, pageQuery, relationship, relationshipInput } from './common.ts';

export const lastEntry = z.object({ at: instant, channel: z.string(), direction: z.string(), text: z.string() });

export const contact = z
  .object({
    id,
    name: z.object({ first: z.string().nullable(), last: z.string().nullable() }),
    organisation: z.object({ id, name: z.string(), relationship }).nullable(),
    identifiers: z.array(identifier),
    provisional: z.boolean().meta({ description: 'Made from an unknown sender; nobody said yet who that is' }),
    relationship,
    externalId: z.string().nullable(),
    lastEntry: lastEntry.nullable().meta({
      description: "The newest entry of the contact's timeline; null also for whoever may see some accounts only",
    }),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'Contact' });
export type Contact = z.infer<typeof contact>;

export const contactPage = page(contact).meta({ id: 'ContactPage' });

const trimmed = z.string().trim().min(1).max(200);

/** A change of a contact: given fields are changed, objects merge, arrays are replaced, null clears. */
export const contactInput = z
  .strictObject({
    name: z.strictObject({ first: trimmed.nullish(), last: trimmed.nullish() }).nullish(),
    organisation: z
      .union(
        [trimmed, z.strictObject({ id: id.optional(), name: trimmed.optional() })],
        "expected an organisation's name, {id} or {name}",
      )
      .nullish()
      .meta({ description: 'A name (found or created), {id} or {name}; null: none' }),
    identifiers: z.array(identifier).max(200).nullish(),
    provisional: z.literal(false).optional(),
    relationship: relationshipInput.nullish(),
    externalId: trimmed.nullish(),
  })
  .meta({ id: 'ContactInput' });
export type ContactInput = z.infer<typeof contactInput>;

export const contactQuery = pageQuery.extend({
  q: z
    .string()
    .trim()
    .max(200)
    .optional()
    .meta({ description: 'Beginnings of words: names, identifiers, organisation' }),
  review: z
    .enum(['true', 'false'])
    .optional()
    .meta({ description: '`true`: only those whose relationship has no dates at all' }),
});
export type ContactQuery = z.infer<typeof contactQuery>;

export const historyRow = z
  .object({
    id,
    of: z.string().meta({
      description:
        "Id of the contact or organisation that was changed; an absorbed contact's are among the surviving one's",
    }),
    at: instant,
    who: z.string().meta({ description: "Id of the user or token, or 'capture'" }),
    whoName: z
      .string()
      .nullable()
      .meta({ description: 'What they are called now; null when they are gone, or nobody' }),
    source: z.string(),
    changes: z.array(z.object({ field: z.string(), old: z.unknown(), new: z.unknown() })),
  })
  .meta({ id: 'HistoryRow' });
export type HistoryRow = z.infer<typeof historyRow>;
export const historyPage = page(historyRow).meta({ id: 'HistoryPage' });

export const organisation = z
  .object({
    id,
    name: z.string(),
    domains: z.array(z.string()),
    relationship,
    externalId: z.string().nullable(),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'Organisation' });
export type Organisation = z.infer<typeof organisation>;
export const organisationPage = page(organisation).meta({ id: 'OrganisationPage' });

export const organisationInput = z
  .strictObject({
    name: z.string('an organisation has a name').trim().min(1).max(200),
    domains: z.array(z.string().trim().min(1).max(253)).max(200).nullish(),
    relationship: relationshipInput.nullish(),
    externalId: trimmed.nullish(),
  })
  .meta({ id: 'OrganisationInput' });
export type OrganisationInput = z.infer<typeof organisationInput>;
export const organisationPatch = organisationInput.partial({ name: true }).meta({ id: 'OrganisationPatch' });

export const organisationQuery = pageQuery.extend({ q: z.string().trim().max(200).optional() });
export type OrganisationQuery = z.infer<typeof organisationQuery>;

export const contactsImport = z
  .object({
    id,
    state: z.enum(['running', 'done', 'failed']),
    counts: z.object({
      read: z.int(),
      created: z.int(),
      changed: z.int(),
      unchanged: z.int(),
      rejected: z.int(),
    }),
    errors: z.array(z.object({ line: z.int(), detail: z.string() })),
    error: z.string().nullable(),
  })
  .meta({ id: 'ContactsImport' });
export type ContactsImport = z.infer<typeof contactsImport>;
