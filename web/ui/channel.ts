import { t } from '../i18n/index.ts';

/** A channel is the connector's word: these have an icon and a colour of their own, any other gets the neutral ones. */
const looks: Record<string, { icon: string; tone: string }> = {
  email: { icon: 'mail', tone: 'mail' },
  sms: { icon: 'sms', tone: 'sms' },
  mms: { icon: 'sms', tone: 'sms' },
  whatsapp: { icon: 'chat', tone: 'sms' },
  chat: { icon: 'chat', tone: 'chat' },
  call: { icon: 'call', tone: 'call' },
};

export const channelIcon = (channel: string, event = false): string =>
  event ? 'event' : (looks[channel]?.icon ?? 'dot');
/** Name of the tone; the stylesheet turns [data-tone] into a colour. */
export const channelTone = (channel: string): string => looks[channel]?.tone ?? 'event';

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1).replaceAll('-', ' ');
export const channelWord = (channel: string): string => t.channel.words[channel]?.one ?? capital(channel);
export const channelWords = (channel: string): string => t.channel.words[channel]?.many ?? capital(channel);
