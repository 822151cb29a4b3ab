import { z } from 'zod';
import { type Fault, pointerTo } from '../common/webhook.ts';
import { canonical, whyNotKept } from './canonical.ts';

/** Names of register events (DESIGN 3). */
const EVENTS = ['booking', 'purchase', 'cancellation', 'order', 'delivery-terms', 'feedback', 'complaint'] as const;

const LONGEST_TEXT = 12 * 1024 * 1024;
const LONGEST_DATA = 1024 * 1024;
const DEEPEST_DATA = 50;

/** An unpaired surrogate. Encoded as UTF-8 all of them become U+FFFD, so that different ids would be equal. */
const HALF = /\p{Surrogate}/u;

const words = (longest: number) =>
  z
    .string()
    .min(1, 'is empty')
    .max(longest, `longer than ${longest} characters`)
    .refine(value => !HALF.test(value), 'has half of a surrogate pair');
const id = words(500);
const instant = z.iso
  .datetime({ offset: true, error: 'expected an instant with its offset, 2026-11-24T09:30:00+02:00' })
  .refine(value => !Number.isNaN(Date.parse(value)), 'no such moment');

/** An e-mail address whose local part is plain, or quoted, where it may contain spaces (RFC 5322, 3.4.1). */
const ADDRESS = /^(?:[^\s@]\S*|"(?:[^"\\\p{Cc}]|\\[^\p{Cc}])+")@[^\s@]+$/u;
const isAddress = ({ type, value }: { type: string; value: string }): boolean =>
  type !== 'email' || ADDRESS.test(value.trim());
const noAddress = { path: ['value'], message: 'not an e-mail address' };

const identifier = z
  .strictObject({
    type: z.string().regex(/^[a-z][a-z0-9_-]{0,31}$/, 'expected a plain word: email, phone, username, …'),
    value: words(320).refine(value => value.trim() !== '', 'is empty'),
  })
  .refine(isAddress, noAddress);

const person = z
  .strictObject({
    ...identifier.shape,
    name: z.string().max(200, 'longer than 200 characters').nullish(),
    also: z.array(identifier).max(20, 'more than 20').nullish(),
  })
  .refine(isAddress, noAddress);
/** A person in an item. */
export type Person = z.output<typeof person>;

const NO_BASE64 = /[^A-Za-z0-9+/=\r\n]/;
const isLineEnd = (code: number): boolean => code === 0x0a || code === 0x0d;

/**
 * Whether a text is base64, with or without line breaks (RFC 2045, 6.8). It counts instead of matching: a regular expression with repetitions may exhaust the
 * stack on megabytes.
 */
const isBase64 = (value: string): boolean => {
  if (NO_BASE64.test(value)) return false;
  let digits = 0;
  let padding = 0;
  for (let at = 0; at < value.length; at++) {
    const code = value.charCodeAt(at);
    if (code === 0x3d) padding++;
    else if (!isLineEnd(code)) {
      if (padding > 0) return false;
      digits++;
    }
  }
  return padding <= 2 && (digits + padding) % 4 === 0;
};

const attachment = z.strictObject({
  name: z.string().max(255, 'longer than 255 characters').nullish(),
  type: z
    .string()
    .regex(/^[\w!#$&^.+-]{1,100}\/[\w!#$&^.+-]{1,100}(\s*;.{0,200})?$/, 'expected a media type: image/png'),
  base64: z.string().refine(isBase64, 'not base64'),
});

const common = { id, occurredAt: instant, subject: z.string().max(1000, 'longer than 1000 characters').nullish() };

const interaction = z
  .strictObject({
    ...common,
    type: z.literal('interaction'),
    channel: z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, 'expected a plain word: sms, chat, fax, …'),
    direction: z.enum(['inbound', 'outbound', 'internal'], 'expected inbound, outbound or internal'),
    from: person.nullish(),
    to: z.array(person).max(200, 'more than 200').nullish(),
    text: z.string().max(LONGEST_TEXT, 'too long').nullish(),
    html: z.string().max(LONGEST_TEXT, 'too long').nullish(),
    thread: words(500).nullish(),
    attachments: z.array(attachment).max(100, 'more than 100').nullish(),
  })
  .superRefine(({ direction, from, to }, context) => {
    const missing = (field: string, message: string) => context.addIssue({ code: 'custom', path: [field], message });
    if (direction === 'inbound' && from === undefined) missing('from', 'is required; null: nobody knows who it was');
    if (direction === 'outbound' && !to?.length) missing('to', 'is required: whom it went to');
  });

const data = z.unknown().superRefine((value, context) => {
  const why = whyNotKept(value, DEEPEST_DATA);
  const message = why ?? (canonical(value ?? null).length > LONGEST_DATA ? 'larger than 1 MB' : null);
  if (message) context.addIssue({ code: 'custom', message });
});

const event = z.strictObject({
  ...common,
  type: z.literal('event'),
  event: z.enum(EVENTS, `expected one of ${EVENTS.join(', ')}`),
  contact: person.nullable(),
  data: data.optional(),
});

/** One item as it is posted (DESIGN 10). */
const item = z.discriminatedUnion('type', [interaction, event], {
  error: issue => (issue.code === 'invalid_union' ? "expected 'interaction' or 'event'" : undefined),
});
/** A posted item. */
export type Item = z.output<typeof item>;
export type InteractionItem = z.output<typeof interaction>;
export type EventItem = z.output<typeof event>;

const MOST_FAULTS = 50;

const inWords = (issue: z.core.$ZodRawIssue): string | undefined => {
  if (issue.code === 'invalid_type' && issue.input === undefined) return 'is required';
  if (issue.code === 'invalid_type') return `expected ${issue.expected}`;
  return undefined;
};

const faultsOf = ({ issues }: z.ZodError): Fault[] =>
  issues
    .flatMap(issue =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map(key => ({ pointer: pointerTo([...issue.path, key]), detail: 'there is no such field' }))
        : [{ pointer: pointerTo(issue.path), detail: issue.message }],
    )
    .slice(0, MOST_FAULTS);

/** Checks one item of a parsed body; answers it, or all its faults (50 at most). */
export const readItem = (value: unknown): { item: Item } | { faults: Fault[] } => {
  const read = item.safeParse(value, { error: inWords });
  return read.success ? { item: read.data } : { faults: faultsOf(read.error) };
};
