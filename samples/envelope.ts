import { mailDate } from './clock.ts';
import { OWN_DOMAIN, SUPPORT_ADDRESS } from './data/organisations.ts';
import { noise } from './files/file.ts';
import type { Charset } from './mime/encode.ts';
import { type Address, addressList, headerText, referenceList } from './mime/headers.ts';
import type { Random } from './random.ts';
import type { Client } from './types.ts';

/** The fields of a mail that make its envelope. */
export interface Envelope {
  from: Address;
  to: readonly Address[];
  cc?: readonly Address[];
  replyTo?: Address;
  sender?: Address;
  date: Date;
  /** hours ahead of UTC in winter, of the author */
  zone: number;
  /** as text; or `rawSubject`: as it stands in the header */
  subject: string;
  rawSubject?: string;
  messageId: string | null;
  inReplyTo?: string;
  references?: readonly string[];
  client?: Client;
  charset?: Charset;
  /** nobody is named in To */
  undisclosed?: boolean;
  /** further lines, each ended with CRLF */
  more?: string;
}

const PROGRAMS: Readonly<Record<Client, string>> = {
  outlook:
    'X-Mailer: Microsoft Outlook 16.0\r\nThread-Index: {index}\r\nAccept-Language: fi-FI, sv-FI, en-GB\r\nX-MS-Has-Attach:\r\nX-MS-TNEF-Correlator:\r\n',
  gmail: '',
  thunderbird: 'User-Agent: Mozilla Thunderbird\r\nContent-Language: fi, sv, en-GB\r\n',
  apple: 'X-Mailer: Apple Mail (2.3826.300.87.4.3)\r\n',
  legacy: 'X-Mailer: Postiohjelma 3.2\r\nX-Priority: 3 (Normal)\r\n',
};

const domainOf = (email: string): string => email.slice(email.lastIndexOf('@') + 1);

/** A Message-ID in the manner of the mail program. */
export const newMessageId = (client: Client, email: string, random: Random): string => {
  if (client === 'outlook')
    return `<HE1PR07MB${random.hex(26).toUpperCase()}@HE1PR07MB${random.int(1000, 9999)}.${domainOf(email)}>`;
  if (client === 'gmail') return `<CA+${random.hex(8)}=${random.hex(24)}@mail.${domainOf(email)}>`;
  if (client === 'apple')
    return `<${random.hex(8)}-${random.hex(4)}-${random.hex(4)}-${random.hex(4)}-${random.hex(12)}@${domainOf(email)}>`.toUpperCase();
  return `<${random.hex(8)}.${random.hex(7)}@${domainOf(email)}>`;
};

/** A DKIM signature that looks like one; no key verifies it. */
const signatureField = (domain: string, random: Random): string => {
  const value = (lines: number): string =>
    noise(57 * lines, random)
      .encoded.toString('latin1')
      .trim()
      .replace(/\r\n/g, '\r\n\t ');
  return `DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=${domain}; s=selector1;\r\n\th=From:Date:Subject:Message-ID:Content-Type:MIME-Version;\r\n\tbh=${value(1).slice(0, 43)}=;\r\n\tb=${value(4)}\r\n`;
};

/** What the way to our server adds on top (RFC 5321 section 4.4); the topmost Received has the time of arrival. */
export const transport = (from: string, arrived: Date, random: Random): string => {
  const domain = domainOf(from);
  const host = `mail.${domain}`;
  const sent = new Date(arrived.getTime() - random.int(1, 4) * 1000);
  const received =
    `Return-Path: <${from}>\r\n` +
    `Received: from ${host} (${host} [192.0.2.${random.int(1, 254)}])\r\n\tby mx.${OWN_DOMAIN} (Postfix) with ESMTPS id ${random.hex(10).toUpperCase()}\r\n\tfor <${SUPPORT_ADDRESS}>; ${mailDate(arrived, 2)}\r\n` +
    `Received: from [198.51.100.${random.int(1, 254)}] by ${host} with ESMTPSA id ${random.hex(12)};\r\n\t${mailDate(sent, 1)}\r\n`;
  if (random.chance(0.4)) return received;
  return `${received}Authentication-Results: mx.${OWN_DOMAIN}; dkim=pass header.d=${domain};\r\n\tspf=pass smtp.mailfrom=${domain}; dmarc=pass\r\n${signatureField(domain, random)}`;
};

const line = (name: string, value: string | undefined): string => (value ? `${name}: ${value}\r\n` : '');

/** Header lines of a mail, without those of its content. */
export const fields = (envelope: Envelope, random: Random): string => {
  const { client, charset } = envelope;
  const encoded = headerText(envelope.subject, charset, client === 'outlook' ? 'B' : 'Q');
  return (
    line('From', addressList([envelope.from], charset)) +
    line('Sender', envelope.sender && addressList([envelope.sender], charset)) +
    line('Reply-To', envelope.replyTo && addressList([envelope.replyTo], charset)) +
    line('To', envelope.undisclosed ? 'undisclosed-recipients:;' : addressList(envelope.to, charset)) +
    line('Cc', addressList(envelope.cc ?? [], charset)) +
    `Subject: ${envelope.rawSubject ?? encoded}\r\n` +
    line('Date', mailDate(envelope.date, envelope.zone)) +
    line('Message-ID', envelope.messageId ?? undefined) +
    line('In-Reply-To', envelope.inReplyTo) +
    line('References', referenceList(envelope.references ?? [])) +
    (client ? PROGRAMS[client].replace('{index}', () => `Adc${random.hex(6)}${random.hex(16)}==`) : '') +
    (envelope.more ?? '')
  );
};
