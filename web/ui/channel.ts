import { t } from '../i18n/index.ts';

/** How an entry's preview is shown: as the beginning of a letter, as something said, or as a line about what happened. */
export type Shape = 'letter' | 'bubble' | 'line';

interface Look {
  icon: string;
  tone: string;
  shape: Shape;
}

/** A channel is the connector's word: these have looks of their own, any other gets the neutral ones. */
const looks: Record<string, Look> = {
  email: { icon: 'mail', tone: 'mail', shape: 'letter' },
  sms: { icon: 'sms', tone: 'sms', shape: 'bubble' },
  mms: { icon: 'sms', tone: 'sms', shape: 'bubble' },
  whatsapp: { icon: 'chat', tone: 'sms', shape: 'bubble' },
  chat: { icon: 'chat', tone: 'chat', shape: 'bubble' },
  call: { icon: 'call', tone: 'call', shape: 'line' },
  event: { icon: 'event', tone: 'event', shape: 'line' },
};

export const channelIcon = (channel: string, event = false): string =>
  event ? 'event' : (looks[channel]?.icon ?? 'dot');
/** Name of the tone; the stylesheet turns [data-tone] into a colour. */
export const channelTone = (channel: string): string => looks[channel]?.tone ?? 'event';
export const channelShape = (channel: string): Shape => looks[channel]?.shape ?? 'bubble';

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1).replaceAll('-', ' ');
export const channelWord = (channel: string): string => t.channel.words[channel]?.one ?? capital(channel);
export const channelWords = (channel: string): string => t.channel.words[channel]?.many ?? capital(channel);
