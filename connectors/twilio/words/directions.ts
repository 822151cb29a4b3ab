import type { Direction } from '../../contract.ts';

/**
 * Our direction by Twilio's. On an Elastic SIP Trunk, "terminating" calls go out to the telephone network and "originating" ones come in from it:
 * https://www.twilio.com/docs/voice/api/call-resource
 */
export const directionOf = (direction: string | undefined): Direction =>
  /^(outbound|trunking-terminating)/.test(direction ?? '') ? 'outbound' : 'inbound';
