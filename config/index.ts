import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { settings } from './settings.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What is wrong with the settings, all of it: each fault names a variable and what was expected, never the value. */
export class ConfigError extends Error {
  readonly faults: readonly string[];
  constructor(faults: readonly string[]) {
    super(`Settings that can't be used:\n${faults.map(fault => `  ${fault}`).join('\n')}`);
    this.name = 'ConfigError';
    this.faults = faults;
  }
}

const withoutEmpty = (env: Environment): Record<string, string> =>
  Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => !!entry[1]?.trim()));

/** Faults that only show between two settings. */
const faultsBetween = (given: Record<string, string>): string[] => [
  ...(given.MONGODB_URI && !given.TALTEEN_SECRET
    ? ['TALTEEN_SECRET: required with MONGODB_URI (16 characters or more)']
    : []),
  ...(given.TALTEEN_SECRET_PREVIOUS && !given.TALTEEN_SECRET
    ? ['TALTEEN_SECRET: required with TALTEEN_SECRET_PREVIOUS']
    : []),
];

/** Checks the environment and names every fault at once (ConfigError), after those that were found already. Pure. */
export const readConfig = (env: Environment, found: readonly string[] = []) => {
  const given = withoutEmpty(env);
  const parsed = settings.safeParse(given);
  const own = parsed.success ? [] : parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  const faults = [...found, ...own, ...faultsBetween(given)];
  if (!parsed.success || faults.length > 0) throw new ConfigError(faults);
  const value = parsed.data;
  return Object.freeze({
    host: value.HOST,
    port: value.PORT,
    dataDir: resolve(value.TALTEEN_DATA),
    /** undefined: the hub runs its own mongod in dataDir */
    mongodbUri: value.MONGODB_URI,
    mongodBinary: value.MONGOD_BINARY,
    mongodCacheMb: value.TALTEEN_MONGOD_CACHE_MB,
    /** intake answers 503 when dataDir has less free space */
    minFreeMb: value.TALTEEN_MIN_FREE_MB,
    /** origin; undefined: the address it listens on */
    publicUrl: value.TALTEEN_PUBLIC_URL,
    trustProxy: value.TALTEEN_TRUST_PROXY,
    secret: value.TALTEEN_SECRET,
    previousSecret: value.TALTEEN_SECRET_PREVIOUS,
    adminEmail: value.TALTEEN_ADMIN_EMAIL,
    adminPassword: value.TALTEEN_ADMIN_PASSWORD,
    apiToken: value.TALTEEN_API_TOKEN,
    zone: value.TALTEEN_TIMEZONE,
    country: value.TALTEEN_COUNTRY,
    ownDomains: value.TALTEEN_OWN_DOMAINS,
    outgoingHosts: value.TALTEEN_OUTGOING_HOSTS,
    logLevel: value.LOG_LEVEL,
    /** TALTEEN_… variables that mean nothing: misspelt, most likely */
    unknown: Object.keys(given).filter(name => name.startsWith('TALTEEN_') && !(name in settings.shape)),
  });
};

export type Config = ReturnType<typeof readConfig>;

const readEnvFile = (path: string): string[] => {
  try {
    if (existsSync(path)) process.loadEnvFile(path);
    return [];
  } catch {
    return [`${path}: expected a file that can be read`];
  }
};

/** A data folder that isn't there yet is made. */
const faultsOfFolder = (path = settings.shape.TALTEEN_DATA.parse(undefined)): string[] =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory() === false ? ['TALTEEN_DATA: expected a folder'] : [];

/** The process's settings: its environment, and `.env` in the working directory for what isn't set there. */
export const loadConfig = (envFile = '.env'): Config => {
  const found = readEnvFile(envFile);
  const { TALTEEN_DATA } = withoutEmpty(process.env);
  return readConfig(process.env, [...found, ...faultsOfFolder(TALTEEN_DATA)]);
};
