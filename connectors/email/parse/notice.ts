import { htmlToText } from '../../common/html-text.ts';
import { summariseCalendar } from './calendar.ts';
import { decodeText } from './charset.ts';
import type { Entity } from './entity.ts';
import { isTnef, unpack } from './parts.ts';
import type { MailBytes } from './source.ts';
import { decodeBody } from './transfer.ts';

const CALENDAR = new Set(['text/calendar', 'application/ics', 'text/x-vcalendar', 'text/ics']);
const CALENDAR_LIMIT = 512 * 1024;

/** For a mail without readable text: what can be shown instead, and why in words. */
export interface Explained {
  text?: string;
  notice: string;
}

const isSmime = ({ type }: Entity): boolean => /^application\/(?:x-)?pkcs7-mime$/.test(type);

const smime = (entity: Entity): string => {
  const kind = entity.params.get('smime-type')?.toLowerCase() ?? '';
  return kind.includes('signed') || kind.includes('compressed')
    ? 'Its content is wrapped in an S/MIME signature (smime.p7m) that was not opened; it is kept as a part.'
    : 'It is encrypted with S/MIME: only its recipient can read it. The encrypted content is kept as a part.';
};

const calendar = (mail: MailBytes, entity: Entity): Explained => {
  const raw = mail.read(entity.bodyStart, Math.min(entity.bodyEnd, entity.bodyStart + CALENDAR_LIMIT));
  const text = summariseCalendar(decodeText(decodeBody(raw, entity.encoding), entity.charset ?? 'utf-8'));
  return { ...(text && { text }), notice: 'It has no text of its own: it is a calendar entry.' };
};

const REPORTS = new Set([
  'message/delivery-status',
  'message/global-delivery-status',
  'message/disposition-notification',
]);
const REPORT_LIMIT = 64 * 1024;

/** The fields of a delivery report that has no text for people. */
const report = (mail: MailBytes, found: readonly Entity[]): Explained => {
  const read = ({ bodyStart, bodyEnd, encoding, charset }: Entity): string =>
    decodeText(decodeBody(mail.read(bodyStart, Math.min(bodyEnd, bodyStart + REPORT_LIMIT)), encoding), charset);
  const text = found.slice(0, 10).map(read).join('\n').replace(/\r\n?/g, '\n');
  return { ...(text.trim() && { text }), notice: 'It has no text of its own: it is a delivery report.' };
};

const outlook = (mail: MailBytes, entity: Entity): Explained => {
  const tnef = unpack(mail, entity);
  const text = tnef?.text ?? (tnef?.html && htmlToText(tnef.html));
  const notice = 'It has no text of its own: Outlook packed it into winmail.dat.';
  return { ...(text && { text }), notice };
};

const count = (n: number, one: string, many: string): string => (n === 1 ? `one ${one}` : `${n} ${many}`);

/** The parts of a mail without text, in words. */
const parts = (leaves: readonly Entity[]): string => {
  const messages = leaves.filter(({ type }) => type === 'message/rfc822').length;
  if (messages === leaves.length)
    return `It has no text of its own, only ${count(messages, 'attached mail', 'attached mails')}.`;
  const images = leaves.filter(({ type }) => type.startsWith('image/')).length;
  if (images === leaves.length) return `It has no text, only ${count(images, 'image', 'images')}.`;
  return `It has no text, only ${count(leaves.length, 'attached file', 'attached files')}.`;
};

/** Why a mail has no readable text. `leaves`: its parts. `hasHtml`: it has html, but that shows only images. */
export const explainEmpty = (
  mail: MailBytes,
  entities: readonly Entity[],
  leaves: readonly Entity[],
  hasHtml: boolean,
): Explained => {
  if (mail.size === 0) return { notice: 'The mail is empty: it has no bytes at all.' };
  const event = leaves.find(({ type }) => CALENDAR.has(type));
  if (event) return calendar(mail, event);
  const reports = leaves.filter(({ type }) => REPORTS.has(type));
  if (reports.length > 0) return report(mail, reports);
  const sealed = leaves.find(isSmime);
  if (sealed) return { notice: smime(sealed) };
  if (entities[0]?.type === 'multipart/encrypted' || leaves.some(({ type }) => type === 'application/pgp-encrypted')) {
    return {
      notice: 'It is encrypted with PGP: only its recipient can read it. The encrypted content is kept as a part.',
    };
  }
  const packed = leaves.find(isTnef);
  if (packed) return outlook(mail, packed);
  if (leaves.length > 0) return { notice: parts(leaves) };
  return { notice: hasHtml ? 'Its HTML shows no text.' : 'The mail has no text.' };
};
