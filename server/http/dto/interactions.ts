import { z } from 'zod';
import { id, identifier, instant, page, pageQuery } from './common.ts';

export const participant = z
  .object({
    role: z.string().meta({ example: 'from' }),
    name: z.string().nullable(),
    identifier,
    contact: id.nullable().meta({ description: 'Who has that identifier now' }),
  })
  .meta({ id: 'Participant' });
export type Participant = z.infer<typeof participant>;

export const part = z
  .object({
    n: z.int().meta({ description: 'From 1, depth first' }),
    name: z.string().nullable(),
    type: z.string(),
    size: z.int().meta({ description: 'Decoded bytes' }),
    inline: z.boolean(),
    cid: z.string().nullish().meta({ description: 'What the html calls it by (`cid:`)' }),
  })
  .meta({ id: 'Part' });
export type Part = z.infer<typeof part>;

export const status = z
  .object({
    state: z.string(),
    history: z.array(z.object({ state: z.string(), at: instant, error: z.string().nullable() })),
  })
  .meta({ id: 'Status', description: 'The state that was reached, and each distinct callback by its own time' });

/** A message of a chat. `seq`: its number in the conversation, from 1, notes included. */
export const message = z
  .object({
    id,
    seq: z.int(),
    at: instant,
    direction: z.string(),
    kind: z.string().meta({ description: "'message', 'note' (for colleagues only) or 'system'" }),
    sender: z.object({ name: z.string().nullable(), contact: id.nullable() }),
    text: z.string(),
    parts: z.array(part),
  })
  .meta({ id: 'Message' });
export type Message = z.infer<typeof message>;
export const messagePage = page(message).meta({ id: 'MessagePage' });

/** Where a source holds a copy (see `Sighting` of the connectors' contract). */
export const sighting = z
  .object({
    account: id,
    folder: z.string(),
    uidValidity: z.string().nullable(),
    uid: z.int(),
    sha256: z.string(),
    stale: z.boolean(),
  })
  .meta({ id: 'Sighting' });
export type Sighting = z.infer<typeof sighting>;

/** An interaction in a list, without its text. A connector's own details (automated, call, …) are added to these fields. */
export const interactionItem = z
  .looseObject({
    id,
    externalId: z.string().nullable(),
    connector: z.string(),
    account: id,
    accounts: z.array(id),
    channel: z.string(),
    direction: z.string(),
    occurredAt: instant,
    sentAt: instant.nullable(),
    capturedAt: instant,
    subject: z.string().nullable(),
    participants: z.array(participant),
    conversation: z.string(),
    automated: z.string().nullable(),
    status: status.nullable(),
    notice: z.string().nullable(),
    parts: z.array(part),
    original: z.object({ type: z.string(), size: z.int(), sha256: z.string() }).nullable(),
    sightings: z.array(sighting),
    revisions: z.array(z.object({ at: instant, sha256: z.string() })),
  })
  .meta({ id: 'InteractionItem' });
export type InteractionItem = z.infer<typeof interactionItem>;
export const interactionPage = page(interactionItem).meta({ id: 'InteractionPage' });

/** One interaction with its content. */
export const interaction = interactionItem
  .extend({
    text: z.string().nullable(),
    html: z.string().nullable().meta({ description: 'As decoded, not sanitised: show it in a sandbox only' }),
    headers: z.string().nullable().meta({ description: 'The header block as it stands' }),
    truncated: z.boolean().meta({ description: 'Text, html or headers are cut; the original has all of it' }),
    canAnswer: z.boolean().optional().meta({ description: 'POST …/answers sends an answer the way it came' }),
    messages: z.array(message).optional().meta({ description: 'Of a chat: the last 200, in order' }),
  })
  .meta({ id: 'Interaction' });
export type Interaction = z.infer<typeof interaction>;

export const interactionQuery = pageQuery.extend({
  account: id.optional(),
  channel: z.string().min(1).max(60).optional(),
});
export type InteractionQuery = z.infer<typeof interactionQuery>;

export const rawQuery = z.object({
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'expected 64 hexadecimal digits in lower case')
    .optional()
    .meta({ description: "Another sighting's or revision's original" }),
});
