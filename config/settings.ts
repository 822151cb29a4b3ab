import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import { isSupportedCountry } from 'libphonenumber-js';
import { z } from 'zod';

const list = (value: string): string[] =>
  value
    .split(',')
    .map(entry => entry.trim().toLowerCase())
    .filter(entry => entry !== '');

const DOMAIN = /^(?=.{1,253}$)([\p{L}\p{N}]([\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.)+[\p{L}\p{N}-]{2,63}$/u;
/** '' for what has no form in ASCII (IDNA) */
const isDomain = (entry: string): boolean => DOMAIN.test(entry) && domainToASCII(entry) !== '';
const HOST_NAME = /^[\p{L}\p{N}_]([\p{L}\p{N}_.-]{0,251}[\p{L}\p{N}_])?$/u;

const isPort = (port: string): boolean => /^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535;

/** host, host:port, [IPv6] or [IPv6]:port */
const isHostAndPort = (entry: string): boolean => {
  const [, bracketed, host, port] = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?$/.exec(entry) ?? [];
  if (port !== undefined && !isPort(port)) return false;
  return bracketed ? isIP(bracketed) === 6 : HOST_NAME.test(host ?? '');
};

const isTimeZone = (zone: string): boolean => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
};

/** A host without a dot is one too: the default is admin@localhost. */
const email = z.email({ pattern: z.regexes.html5Email, error: 'expected an e-mail address' });

const isOrigin = (value: string): boolean => {
  if (!URL.canParse(value)) return false;
  const { protocol, pathname, search, hash, username } = new URL(value);
  return /^https?:$/.test(protocol) && pathname === '/' && !search && !hash && !username;
};

/** Express's values: hops, or which proxies by address. Its `true` would believe anybody's X-Forwarded-For, so ours is one hop. */
const trustProxy = z.string().transform((value, context) => {
  if (value === 'false') return false;
  if (value === 'true') return 1;
  if (/^\d{1,2}$/.test(value)) return Number(value);
  const proxies = list(value);
  const known = (entry: string) => /^(loopback|linklocal|uniquelocal)$/.test(entry) || isIP(entry.split('/')[0] ?? '');
  if (proxies.length > 0 && proxies.every(known)) return proxies;
  context.addIssue('expected the number of proxies, or their addresses or subnets, comma separated');
  return z.NEVER;
});

const whole = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d+$/, `expected a whole number from ${least} to ${most}`)
    .transform(Number)
    .pipe(z.number(`expected a whole number from ${least} to ${most}`).min(least).max(most));

const listOf = (fits: (entry: string) => boolean, expected: string) =>
  z
    .string()
    .default('')
    .transform(list)
    .refine(entries => entries.every(fits), expected);

const longEnough = (least: number) => z.string().min(least, `expected ${least} characters or more`);

/** Every setting of DESIGN 10 by its name in the environment, as text; an empty value counts as none. */
export const settings = z.object({
  HOST: z.string().default('127.0.0.1'),
  PORT: whole(0, 65_535).default(3000),
  TALTEEN_DATA: z.string().default('./data'),
  MONGODB_URI: z
    .string()
    .regex(/^mongodb(\+srv)?:\/\/./, 'expected mongodb://… or mongodb+srv://…')
    .optional(),
  MONGOD_BINARY: z.string().optional(),
  TALTEEN_MONGOD_CACHE_MB: whole(64, 1_000_000).optional(),
  TALTEEN_MIN_FREE_MB: whole(0, 10_000_000).default(512),
  // unset: each request's own Host is where we are, for addresses we show and for whose pages are ours
  TALTEEN_PUBLIC_URL: z
    .string()
    .refine(isOrigin, 'expected http(s)://host[:port] without a path')
    .transform(value => new URL(value).origin)
    .optional(),
  TALTEEN_TRUST_PROXY: trustProxy.default(false),
  TALTEEN_SECRET: longEnough(16).optional(),
  TALTEEN_SECRET_PREVIOUS: longEnough(16).optional(),
  TALTEEN_ADMIN_EMAIL: z.string().trim().toLowerCase().pipe(email).optional(),
  TALTEEN_ADMIN_PASSWORD: longEnough(8).max(200, 'expected 200 characters or fewer').optional(),
  TALTEEN_API_TOKEN: longEnough(32)
    .regex(/^[\x21-\x7e]+$/, 'expected printable ASCII without spaces')
    .optional(),
  TALTEEN_TIMEZONE: z
    .string()
    .refine(isTimeZone, 'expected an IANA time zone such as Europe/Helsinki')
    .default('Europe/Helsinki'),
  TALTEEN_COUNTRY: z
    .string()
    .toUpperCase()
    .refine(isSupportedCountry, 'expected a country of two letters such as FI')
    .default('FI'),
  TALTEEN_OWN_DOMAINS: listOf(isDomain, 'expected mail domains, comma separated').transform(
    entries => entries.map(entry => domainToASCII(entry)), // as the addresses that they are compared with
  ),
  TALTEEN_OUTGOING_HOSTS: listOf(isHostAndPort, 'expected host or host:port, comma separated'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
});

export type Settings = z.infer<typeof settings>;
