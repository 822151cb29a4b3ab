import { randomUUID } from 'node:crypto';

/** A SID of Twilio's kind: 'SM', 'CA', 'RE', ... */
export const sidOf = (kind: string): string => `${kind}${randomUUID().replaceAll('-', '')}`;

/** As Twilio's API writes times. */
export const rfc2822 = (at: Date): string => at.toUTCString().replace('GMT', '+0000');
