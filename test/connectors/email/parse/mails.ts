import { parseMail } from '../../../../connectors/email/parse/mail.ts';
import { readStructure, type Structure } from '../../../../connectors/email/parse/structure.ts';
import type { MailContext, ParsedMail } from '../../../../connectors/email/parse/types.ts';

export const capturedAt = new Date('2026-11-24T12:00:00Z');

/** Lines as bytes: a string stands for UTF-8, joined by CRLF. */
export const bytesOf = (lines: (string | Buffer)[], eol = '\r\n'): Buffer =>
  Buffer.concat(
    lines.flatMap((line, i) => (i < lines.length - 1 ? [Buffer.from(line), Buffer.from(eol)] : [Buffer.from(line)])),
  );

export const parse = (mail: string | Buffer | (string | Buffer)[], context: Partial<MailContext> = {}): ParsedMail =>
  parseMail({ bytes: Array.isArray(mail) ? bytesOf(mail) : Buffer.from(mail) }, { capturedAt, ...context });

export const structureOf = (bytes: Buffer): Structure => readStructure(bytes.toString('latin1'));

export const head = (...more: string[]): string[] => [
  'From: Anna <anna@asiakas.example>',
  'To: tuki@hub.example',
  'Subject: Hei',
  'MIME-Version: 1.0',
  ...more,
];

/** A multipart's lines. */
export const multipart = (boundary: string, parts: (string | Buffer)[][]): (string | Buffer)[] => [
  ...parts.flatMap(part => [`--${boundary}`, ...part]),
  `--${boundary}--`,
  '',
];

export const text = (body: string | Buffer, type = 'text/plain; charset=utf-8'): (string | Buffer)[] => [
  `Content-Type: ${type}`,
  '',
  body,
];

export const hex = (codes: string): Buffer => Buffer.from(codes.replace(/\s/g, ''), 'hex');
