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

/** Nothing that has a meaning in an address: percent-encoded, in a user's name and password. */
const PLAIN = '[^:/?#[\\]@]*';
const MONGODB = new RegExp(`^mongodb(?:\\+srv)?://(?:${PLAIN}(?::${PLAIN})?@)?([^/?#@]+)(?:/[^?]*)?(?:\\?.*)?$`);
const isMongodb = (uri: string): boolean => {
  const hosts = MONGODB.exec(uri)?.[1]?.split(',') ?? [];
  return hosts.length > 0 && hosts.every(host => /%2f/i.test(host) || isHostAndPort(host)); // a socket's path, or a host
};
/** Change streams take `majority` only. */
const readsAsItMay = (uri: string): boolean => !/[?&]readConcernLevel=(?!majority(&|$))/i.test(uri);

/** How long an address's part that all share is: as `/24`, or in IPv4 as `/255.255.255.0`. */
const isPrefix = (prefix: string, most: 32 | 128): boolean => {
  if (/^\d{1,3}$/.test(prefix)) return Number(prefix) >= 1 && Number(prefix) <= most;
  const bits = prefix.split('.').map(part => Number(part).toString(2).padStart(8, '0'));
  return most === 32 && isIP(prefix) === 4 && /^1+0*$/.test(bits.join(''));
};

const isSubnet = (entry: string): boolean => {
  const [address = '', prefix, ...more] = entry.split('/');
  const version = address.includes('%') ? 0 : isIP(address);
  if (version === 0 || more.length > 0) return false;
  return prefix === undefined || isPrefix(prefix, version === 4 ? 32 : 128);
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
  const known = (entry: string) => /^(loopback|linklocal|uniquelocal)$/.test(entry) || isSubnet(entry);
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

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** Every setting of DESIGN 10 by its name in the environment, as text; an empty value counts as none. */
export const settings = z.object({
  HOST: z
    .string()
    .refine(host => isIP(host) > 0 || HOST_NAME.test(host), "expected an address or a name of this machine's")
    .default('127.0.0.1'),
  PORT: whole(0, 65_535).default(3000),
  TALTEEN_DATA: z.string().default('./data'),
  MONGODB_URI: z
    .string()
    .refine(
      isMongodb,
      'expected mongodb://… or mongodb+srv://…, with [user:password@]host[:port],… as MongoDB writes it: `@ : / ? # [ ]` in user and password percent-encoded',
    )
    .refine(readsAsItMay, 'its readConcernLevel can only be majority')
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
  LOG_LEVEL: z.enum(LOG_LEVELS, `expected one of ${LOG_LEVELS.join(', ')}`).default('info'),
});

export type Settings = z.infer<typeof settings>;
