import { makeRemembered } from '../store/remembered.ts';
import type { AccessEvents } from './events.ts';
import type { Principal } from './principal.ts';

/** How long what another hub changed may go unnoticed, ms. */
const LASTS_MS = 1000;

/**
 * Looks each credential up once a second at most: a page that opens makes its calls at once. What this hub changes counts at once, also for
 * a lookup that is under way; nobody is remembered as unknown.
 */
export const makeRecent = (events: AccessEvents, lookUp: (value: string) => Promise<Principal | null>) => {
  const { get, forget } = makeRemembered(lookUp, { lastsMs: LASTS_MS });
  for (const event of ['changed', 'ended'] as const) events.on(event, forget);
  return get;
};
