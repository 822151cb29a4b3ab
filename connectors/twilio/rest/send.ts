import type { OutgoingFetch } from '../../common/fetch.ts';
import { type Answered, type Answering, type Captured, ConnectorError } from '../../contract.ts';
import type { TwilioConfig } from '../config.ts';
import { errorInWords } from '../words/errors.ts';
import { makeRest } from './client.ts';
import { restError } from './errors.ts';
import { listedMessage } from './lists.ts';

const CHANNELS = new Set(['sms', 'whatsapp', 'call']);

/** Error codes that mean that no connection was made, so nothing was sent. */
const NOT_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT']);

const numberOf = ({ participants }: Answered, role: 'from' | 'to'): string | null => {
  const identifier = participants.find(one => one.role === role)?.identifier;
  return identifier?.type === 'phone' ? identifier.value : null;
};

/** Recipient and sender of an answer; null when one of them isn't a number. Calls are answered by SMS. */
const endsOf = (interaction: Answered): { from: string; to: string } | null => {
  const [author, addressee] = [numberOf(interaction, 'from'), numberOf(interaction, 'to')];
  if (!author || !addressee || interaction.direction === 'internal') return null;
  const prefix = interaction.channel === 'whatsapp' ? 'whatsapp:' : '';
  const [to, from] = interaction.direction === 'inbound' ? [author, addressee] : [addressee, author];
  return { from: prefix + from, to: prefix + to };
};

interface Refused {
  status?: number;
  code?: number | string;
  message?: string;
  name?: string;
  cause?: { code?: string };
}

/** The ConnectorError for a failed send: 'reject' or 'stop' when the message was certainly not sent, 'retry' when it isn't known. */
const refusal = (error: Refused): ConnectorError => {
  const known = restError(error);
  if (known.remedy === 'stop') return known;
  const { status = 0, code, message, name, cause } = error;
  const options = { cause: error };
  if (status >= 400 && status < 500)
    return new ConnectorError('reject', `Twilio did not send it: ${errorInWords(code, message)}.`, options);
  if (name === 'OutgoingRefused' || NOT_SENT.has(String(cause?.code)))
    return new ConnectorError('reject', known.message, options);
  return known;
};

const withAgent = (item: Captured, { id, name }: { id: string; name: string }): Captured => {
  if (item.kind !== 'interaction') return item;
  const agent = { role: 'agent' as const, identifier: { type: 'user', value: id }, name };
  return { ...item, participants: [...item.participants, agent] };
};

/** `Connector.answering`: answers messages and calls by SMS or WhatsApp. */
export const makeAnswering = ({ fetch }: { fetch: OutgoingFetch }): Answering<TwilioConfig> => ({
  possible: interaction => CHANNELS.has(interaction.channel) && endsOf(interaction) !== null,
  send: async ({ config }, interaction, { text, agent, webhookUrl }) => {
    const ends = endsOf(interaction);
    if (!ends) throw new ConnectorError('reject', 'There is no number to answer to.');
    const client = await makeRest(config, fetch, new AbortController().signal).client();
    const statusUrl = webhookUrl('message-status');
    // Twilio rejects a message with a callback address that it can't reach
    const callback = statusUrl.startsWith('https:') ? { statusCallback: statusUrl } : {};
    const sent = await client.messages.create({ ...ends, body: text, ...callback }).catch(error => {
      throw refusal(error);
    });
    if (!sent.sid) throw new ConnectorError('retry', 'Twilio answered without saying what it sent.');
    return listedMessage(sent).items.map(item => withAgent(item, agent));
  },
});
