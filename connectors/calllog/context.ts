import { ConnectorError } from '../contract.ts';
import type { DialectName, ReadingConfig } from './config.ts';
import { makeNumbers, type Numbers } from './parties.ts';
import { type Clock, type DateOrder, makeClock } from './time.ts';

/** The hub's own settings, which apply where an account has none. */
export interface HubDefaults {
  /** ISO 3166 */
  country: string;
  /** IANA */
  zone: string;
}

/** An account's settings, ready to read records with. */
export interface Context {
  dialect: DialectName;
  numbers: Numbers;
  clock: Clock;
  order: DateOrder;
  config: ReadingConfig;
}

/** Countries that write the month first. */
const MONTH_FIRST = new Set(['US', 'PH', 'PR', 'GU', 'AS', 'VI', 'MP', 'FM', 'MH', 'PW']);

/** Throws ConnectorError ('stop') when the account doesn't say what wrote its files. */
export const contextOf = (config: ReadingConfig, defaults: HubDefaults): Context => {
  const { dialect, defaultCountry, ownNumbers = [], outsidePrefix, timezone, dateOrder } = config;
  if (!dialect) throw new ConnectorError('stop', 'The account does not say what wrote its files: choose a dialect.');
  const country = defaultCountry || defaults.country;
  return {
    dialect,
    numbers: makeNumbers({ country, own: ownNumbers, outsidePrefix }),
    clock: makeClock(timezone || defaults.zone),
    order: dateOrder ?? (MONTH_FIRST.has(country) ? 'mdy' : 'dmy'),
    config,
  };
};
