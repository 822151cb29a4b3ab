import { z } from 'zod';

/** Address of the API by region. Only ie1 (Ireland) keeps data within the EU. */
const REGIONS: Record<string, string> = {
  us1: 'https://api.twilio.com',
  ie1: 'https://api.dublin.ie1.twilio.com',
  au1: 'https://api.sydney.au1.twilio.com',
};

/** Hosts that the hub may reach without being listed in TALTEEN_OUTGOING_HOSTS: the API's, and those to which it redirects for media. */
export const TWILIO_HOSTS = [
  ...Object.values(REGIONS).map(url => new URL(url).host),
  'media.twiliocdn.com',
  'mms.twiliocdn.com',
  's3-external-1.amazonaws.com',
] as const;

/** Config of a Twilio account (DESIGN 10). */
export const configSchema = z.object({
  accountSid: z
    .string()
    .trim()
    .regex(/^AC\w{1,62}$/, 'it begins with AC')
    .meta({ title: 'Account SID' }),
  authToken: z.string().trim().min(1).meta({ title: 'Auth token' }),
  previousAuthToken: z.string().trim().nullish().meta({
    title: 'Auth token before',
    main: false,
    description: 'While tokens are changed at Twilio: requests signed by it are taken too',
  }),
  region: z
    .string()
    .regex(/^[a-z]{2}\d{1,2}$/, 'a region of Twilio, as in ie1')
    .nullish()
    .meta({
      title: 'Region',
      main: true,
      description: 'ie1 keeps the data in the EU; with any other, or none (us1), it leaves the EU',
    }),
  apiUrl: z
    .url({ protocol: /^https?$/ })
    .nullish()
    .meta({
      title: 'Address of the API',
      description: 'None: by the region. One that isn’t Twilio’s must be in TALTEEN_OUTGOING_HOSTS',
    }),
  reconcileSeconds: z.coerce
    .number()
    .int()
    .min(1)
    .max(86_400)
    .default(600)
    .meta({ title: 'Seconds between comparisons', description: 'How often all is compared with Twilio', main: false }),
  defaultCountry: z
    .string()
    .regex(/^[A-Z]{2}$/, 'two letters, as in FI')
    .nullish()
    .meta({ title: 'Country', description: 'Of numbers without a prefix', main: true }),
  recordingNotice: z
    .boolean()
    .nullish()
    .meta({ title: 'Callers are told that calls are recorded', description: 'Kept with each recording', main: true }),
  deleteRecordingsAfterDays: z.coerce.number().int().min(1).max(3650).nullish().meta({
    title: 'Delete recordings at Twilio after days',
    main: false,
    description: 'Counted from when they were stored here. None: nothing is deleted there',
  }),
  callAnswer: z
    .string()
    .trim()
    .regex(/^<[\s\S]*>$/, 'TwiML, which begins with <')
    .nullish()
    .meta({ title: 'Answer to incoming calls (TwiML)', description: 'None: an empty response, which ends the call' }),
});
export type TwilioConfig = z.output<typeof configSchema>;

/** See `Connector.secrets`. */
export const secrets = ['authToken', 'previousAuthToken'] as const;

/** See `Connector.secretsGoTo`: both tokens are sent to that address. */
export const secretsGoTo = { authToken: ['apiUrl'], previousAuthToken: ['apiUrl'] } as const;

/** Address of the API for this account, without a slash at the end. */
export const apiUrlOf = ({ apiUrl, region }: TwilioConfig): string =>
  (apiUrl ?? REGIONS[region ?? 'us1'] ?? `https://api.${region}.twilio.com`).replace(/\/+$/, '');

/** A warning in words when Twilio keeps this account's data outside the EU; else null. */
export const regionWarning = ({ region }: Pick<TwilioConfig, 'region'>): string | null =>
  region === 'ie1'
    ? null
    : 'Warning: with this region, messages, calls and recordings leave the EU: Twilio keeps and processes them outside. Only ie1 (Ireland) keeps them in the EU.';
