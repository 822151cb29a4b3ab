import { IANAZone } from 'luxon';
import { z } from 'zod';
import { isEncoding } from './files/encoding.ts';

const zone = z.string().refine(name => IANAZone.isValidZone(name), 'expected a time zone, such as Europe/Helsinki');
const country = z.string().regex(/^[A-Z]{2}$/, 'expected a country code of two capital letters, such as FI');

/** What a column of a CSV file can hold, by the names that the settings use. */
export const COLUMNS = [
  'id',
  'leg',
  'startedAt',
  'startedTime',
  'from',
  'to',
  'direction',
  'durationSeconds',
  'talkSeconds',
  'ringSeconds',
  'answered',
  'recording',
] as const;
export type Column = (typeof COLUMNS)[number];

const columns = z
  .strictObject(
    Object.fromEntries(COLUMNS.map(name => [name, z.string().optional()])) as Record<
      Column,
      z.ZodOptional<z.ZodString>
    >,
  )
  .describe(
    'Any CSV: the header that each column has in the file. With none of them named, usual names are looked for.',
  );

const words = z.array(z.string()).optional();

const directionWords = z
  .strictObject({ inbound: words, outbound: words, internal: words })
  .describe(
    'Any CSV: what the direction’s column says of a call that came, went out or was internal, beside usual words',
  );

/** The formats of call logs that can be read. */
export const DIALECTS = ['asterisk', 'freeswitch', '3cx', 'cucm', 'csv'] as const;
export type DialectName = (typeof DIALECTS)[number];

/** Settings of an account of this connector. */
export const configSchema = z.strictObject({
  dialect: z.enum(DIALECTS).describe('What wrote the files'),
  timezone: zone.optional().meta({
    description: 'Time zone of times in the files that do not say theirs; the hub’s when empty',
    main: true,
  }),
  defaultCountry: country.optional().describe('Country of numbers without a prefix; the hub’s when empty'),
  ownNumbers: z.array(z.string()).default([]).meta({
    description: 'Our own public numbers. What is no public number (an extension) is ours in any case.',
    main: true,
  }),
  outsidePrefix: z
    .string()
    .regex(/^[\d*#]{0,4}$/, 'expected what is dialled first, such as 0 or 9')
    .optional()
    .describe('What is dialled first to call outside, such as 0 or 9; numbers are read without it'),
  directory: z
    .string()
    .optional()
    .meta({ description: 'A folder on this machine that is watched for call logs and recordings', main: true }),
  encoding: z
    .string()
    .refine(name => name === '' || isEncoding(name), 'expected the name of an encoding, such as windows-1252')
    .optional()
    .describe('Encoding of the files; found out when empty'),
  dateOrder: z.enum(['dmy', 'mdy']).optional().meta({
    description:
      'Any CSV: how dates such as 03/04/2026 are read; when empty as others in the file tell, else the country’s way',
    main: false,
  }),
  durations: z.enum(['m:ss', 'h:mm']).optional().meta({
    description: 'Any CSV: how durations such as 1:05 are read; when empty, as minutes and seconds',
    main: false,
  }),
  columns: columns.optional(),
  directionWords: directionWords.optional(),
  username: z.string().optional().describe('For the webhook: what the switch signs in with (HTTP Basic)'),
  password: z.string().optional().meta({ description: 'For the webhook', main: false }),
});
export type CalllogConfig = z.infer<typeof configSchema>;

/** Settings for reading files. All are optional: an import may use an account of which others are missing. */
export type ReadingConfig = Partial<CalllogConfig>;
