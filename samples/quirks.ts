import type { TextStep } from './compose.ts';
import type { Charset, Encoding } from './mime/encode.ts';
import type { NameStyle } from './mime/headers.ts';
import type { FileKind } from './types.ts';

/** Steps that are not a person's letter. */
export type OtherStep =
  | 'misdirected'
  | 'bounce'
  | 'out-of-office'
  | 'receipt'
  | 'again'
  | 'forward'
  | 'internal'
  | 'list'
  | 'newsletter'
  | 'calendar'
  | 'empty';

export type Step = TextStep | OtherStep;

/** How the first mail of a matter differs from what its author's mail program would write. */
export interface Quirk {
  charset?: Charset;
  encoding?: Encoding;
  /** the charset that the header claims */
  label?: string;
  body?: 'plain' | 'flowed' | 'delsp' | 'html' | 'alternative';
  subject?: 'base64' | 'broken' | 'raw';
  noMessageId?: boolean;
  nameStyle?: NameStyle;
  files?: readonly FileKind[];
  /** a screenshot shown in the HTML text */
  screenshot?: boolean;
  from?: 'plus' | 'no-reply' | 'also';
  undisclosed?: boolean;
}

/** A matter out of the ordinary. */
export interface Oddity {
  name: string;
  steps: readonly Step[];
  quirk?: Quirk;
  /** an unknown sender (index into `strangers`), or the last name of a contact */
  who?: number | string;
  topic?: string;
  /** happens only in the last so many days before `now` */
  within?: number;
  /** happens once only, however many mails are made */
  once?: boolean;
}

const odd = (
  name: string,
  quirk: Quirk,
  steps: readonly Step[] = ['ask', 'answer'],
  more: Partial<Oddity> = {},
): Oddity => ({
  name,
  steps,
  quirk,
  ...more,
});

/** Each of these occurs in any run of 300 mails or more, and again in longer ones unless it says `once`. */
export const oddities: readonly Oddity[] = [
  odd('iso-8859-1, 8bit', { charset: 'iso-8859-1', encoding: '8bit', body: 'plain' }, undefined, { who: 'Mäkiö' }),
  odd('windows-1252', { charset: 'windows-1252', encoding: 'quoted-printable', body: 'plain' }, undefined, {
    who: 'Hyytiä',
    topic: 'invoice',
  }),
  odd('iso-8859-15', { charset: 'iso-8859-15', encoding: 'quoted-printable', body: 'plain' }, undefined, {
    who: 'Häggblom',
    topic: 'cancel',
  }),
  odd('base64 text', { charset: 'utf-8', encoding: 'base64', body: 'plain' }, undefined, { who: 'Hirvelä' }),
  odd(
    'mislabelled charset',
    { charset: 'windows-1252', label: 'iso-8859-1', encoding: 'quoted-printable', body: 'plain' },
    undefined,
    { who: 'Åkerlund', topic: 'complaint' },
  ),
  odd('format=flowed', { body: 'flowed', charset: 'utf-8', encoding: '8bit' }, undefined, { who: 'Tammela' }),
  odd('format=flowed; delsp=yes', { body: 'delsp', charset: 'utf-8', encoding: 'quoted-printable' }),
  odd('subject in base64', { subject: 'base64' }, undefined, { who: 'Särkiö', topic: 'training' }),
  odd('encoded word cut inside a character', { subject: 'broken' }, undefined, { who: 'Fältström', topic: 'access' }),
  odd('raw UTF-8 header', { subject: 'raw' }, undefined, { who: 'Väänänen', topic: 'training' }),
  odd('RFC 2231 continued file name', { nameStyle: 'rfc2231-continued', files: ['xlsx'] }, undefined, {
    who: 'Korpela',
    topic: 'report',
  }),
  odd('encoded word as file name', { nameStyle: 'encoded-word', files: ['png'] }, undefined, {
    who: 'Räihä',
    topic: 'payment',
  }),
  odd('several files', { files: ['pdf', 'xlsx', 'png'] }),
  odd('csv file', { files: ['csv'] }),
  odd('calendar file', { files: ['ics'] }),
  odd('inline screenshot', { screenshot: true, body: 'html' }),
  odd('html only', { body: 'html' }, undefined, { who: 'Sandqvist', topic: 'door' }),
  odd('undisclosed recipients', { undisclosed: true }),
  odd('no-reply sender', { from: 'no-reply' }),
  odd('plus-tagged sender', { from: 'plus' }),
  odd('second address', { from: 'also' }, undefined, { who: 'Adeyemi', topic: 'api' }),
  odd('unknown sender at a public provider', {}, ['ask', 'answer', 'thanks'], { who: 0 }),
  odd('unknown sender, a prospect', {}, ['ask'], { who: 1 }),
  odd('unknown sender at a known organisation', {}, ['ask', 'answer'], { who: 2 }),
  odd('ended contact', {}, ['ask', 'answer'], { who: 'Haapoja', topic: 'access' }),
  odd('ended organisation', {}, ['ask', 'answer', 'thanks'], { who: 'Kivelä', topic: 'invoice', within: 400 }),
  odd('out of office', {}, ['ask', 'answer', 'out-of-office', 'thanks']),
  odd('bounce', {}, ['ask', 'misdirected', 'bounce', 'answer']),
  odd('read receipt', {}, ['ask', 'answer', 'receipt']),
  odd('mailing list', {}, ['list']),
  odd('newsletter', {}, ['newsletter']),
  odd('forwarded mail', {}, ['forward', 'answer']),
  odd('internal mail', {}, ['ask', 'internal', 'answer']),
  odd('missing Message-ID', { noMessageId: true, body: 'plain' }, ['ask', 'answer'], { once: true }),
  odd('repeated Message-ID', { body: 'plain' }, ['ask', 'again', 'answer'], { once: true }),
  odd('calendar only', {}, ['calendar'], { once: true }),
  odd('empty', {}, ['empty'], { once: true }),
];
