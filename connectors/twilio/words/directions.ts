import type { Direction } from '../../contract.ts';

/** Of an elastic SIP trunk, what ends at the telephone network goes out, and what begins there comes in: https://www.twilio.com/docs/voice/api/call-resource */
export const directionOf = (direction: string | undefined): Direction =>
  /^(outbound|trunking-terminating)/.test(direction ?? '') ? 'outbound' : 'inbound';
