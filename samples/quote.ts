import { clockTime, local } from './clock.ts';
import type { Address } from './mime/headers.ts';
import { phrases } from './texts/index.ts';
import type { Client, Lang } from './types.ts';

/** A mail as the next one in its thread quotes it. */
export interface Written {
  from: Address;
  to: Address;
  date: Date;
  subject: string;
  messageId: string;
  /** the whole text with its own quotes, paragraphs unwrapped */
  text: string;
  /** the same as the inside of an HTML body */
  html: string;
}

const two = (n: number): string => String(n).padStart(2, '0');

export const escapeHtml = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');

const shown = ({ name, email }: Address): string => (name ? `${name} <${email}>` : email);

const dates = (date: Date, zone: number, lang: Lang): { day: string; short: string; time: string; weekday: string } => {
  const at = local(date, zone);
  const [d, m, y] = [at.getUTCDate(), at.getUTCMonth(), at.getUTCFullYear()];
  const month = phrases[lang].months[m] ?? '';
  return {
    weekday: phrases[lang].weekdays[at.getUTCDay()] ?? '',
    day: lang === 'fi' ? `${d}. ${month.replace(/uu$/, '.')} ${y}` : `${d} ${month} ${y}`,
    short: { fi: `${d}.${m + 1}.${y}`, sv: `${y}-${two(m + 1)}-${two(d)}`, en: `${two(d)}/${two(m + 1)}/${y}` }[lang],
    time: lang === 'fi' ? clockTime(at).replace(':', '.').replace(/^0/, '') : clockTime(at),
  };
};

/** The line above a quote: "… kirjoitti:", "… skrev …:", "… wrote:", in the manner of the mail program. */
export const attribution = (quoted: Written, client: Client, lang: Lang, zone: number): string => {
  const { weekday, day, short, time } = dates(quoted.date, zone, lang);
  const who =
    client === 'thunderbird' || client === 'legacy' ? (quoted.from.name ?? quoted.from.email) : shown(quoted.from);
  if (lang === 'fi') {
    if (client === 'gmail') return `${weekday} ${day} klo ${time} ${who} kirjoitti:`;
    return client === 'apple' ? `${who} kirjoitti ${short} kello ${time}:` : `${who} kirjoitti ${short} klo ${time}:`;
  }
  if (lang === 'sv')
    return client === 'apple' ? `${day} kl. ${time} skrev ${who}:` : `Den ${weekday} ${day} kl ${time} skrev ${who}:`;
  return client === 'apple'
    ? `On ${day}, at ${time}, ${who} wrote:`
    : `On ${weekday}, ${day} at ${time}, ${who} wrote:`;
};

/** The block of fields that Outlook writes instead. */
const fieldBlock = (quoted: Written, lang: Lang, zone: number): [string, string][] => {
  const [from, sent, to, subject] = phrases[lang].labels;
  const { day, time } = dates(quoted.date, zone, lang);
  return [
    [from, shown(quoted.from)],
    [sent, `${day} ${time}`],
    [to, shown(quoted.to)],
    [subject, quoted.subject],
  ];
};

const LONGEST = 12_000;

/** `quoted` as it stands under a plain reply; nothing when the thread has grown too long. */
export const quoteText = (quoted: Written, client: Client, lang: Lang, zone: number): string => {
  if (quoted.text.length > LONGEST) return '';
  if (client === 'outlook') {
    const fields = fieldBlock(quoted, lang, zone).map(([label, value]) => `${label}: ${value}`);
    return `________________________________\n${fields.join('\n')}\n\n${quoted.text}`;
  }
  const lines = quoted.text.split('\n').map(line => (line === '' || line.startsWith('>') ? `>${line}` : `> ${line}`));
  return `${attribution(quoted, client, lang, zone)}\n${client === 'thunderbird' ? '' : '\n'}${lines.join('\n')}`;
};

/** `quoted` as it stands under an HTML reply. */
export const quoteHtml = (quoted: Written, client: Client, lang: Lang, zone: number): string => {
  if (quoted.html.length > LONGEST * 2) return '';
  if (client === 'outlook') {
    const fields = fieldBlock(quoted, lang, zone).map(([label, value]) => `<b>${label}:</b> ${escapeHtml(value)}`);
    return `<div><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal">${fields.join('<br>\n')}</p></div></div>\n<p class="MsoNormal">&nbsp;</p>\n${quoted.html}`;
  }
  const line = escapeHtml(attribution(quoted, client, lang, zone));
  if (client === 'gmail')
    return `<br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">${line}<br></div><blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);padding-left:1ex">\n${quoted.html}</blockquote></div>`;
  return `<div class="moz-cite-prefix">${line}</div><blockquote type="cite" cite="mid:${quoted.messageId}">\n${quoted.html}</blockquote>`;
};
