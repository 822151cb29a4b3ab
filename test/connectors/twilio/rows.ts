import { ACCOUNT, CUSTOMER, OURS, sid } from '../../../connectors/twilio/fixtures/requests.ts';
import { rfc2822 } from '../../support/twilio.ts';

type Row = Record<string, unknown> & { sid: string };

export const ago = (minutes: number): Date => new Date(Math.floor(Date.now() / 1000) * 1000 - minutes * 60_000);

/** Rows of the API's lists as Twilio has them. */
export const messageRow = (n: number, over: Record<string, unknown> = {}, minutes = 30): Row => ({
  sid: sid('SM', n),
  account_sid: ACCOUNT,
  from: CUSTOMER,
  to: OURS,
  direction: 'inbound',
  status: 'received',
  body: `Viesti ${n}`,
  num_media: '0',
  error_code: null,
  error_message: null,
  date_created: rfc2822(ago(minutes)),
  date_sent: rfc2822(ago(minutes)),
  date_updated: rfc2822(ago(minutes)),
  ...over,
});

export const outgoing = (n: number, status: string, over: Record<string, unknown> = {}): Row =>
  messageRow(n, { from: OURS, to: CUSTOMER, direction: 'outbound-api', status, ...over });

export const callRow = (n: number, status: string, over: Record<string, unknown> = {}, minutes = 30): Row => ({
  sid: sid('CA', n),
  parent_call_sid: null,
  from: CUSTOMER,
  to: OURS,
  direction: 'inbound',
  status,
  duration: '42',
  start_time: rfc2822(ago(minutes)),
  end_time: rfc2822(new Date(ago(minutes).getTime() + 42_000)),
  date_created: rfc2822(ago(minutes)),
  date_updated: rfc2822(ago(minutes)),
  ...over,
});

export const recordingRow = (n: number, call: number, over: Record<string, unknown> = {}, minutes = 30): Row => ({
  sid: sid('RE', n),
  call_sid: sid('CA', call),
  status: 'completed',
  channels: 1,
  duration: '42',
  date_created: rfc2822(ago(minutes)),
  start_time: rfc2822(ago(minutes)),
  ...over,
});
