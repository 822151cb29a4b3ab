import { mailDate } from '../clock.ts';
import { newMessageId } from '../envelope.ts';
import { fillParagraph } from '../facts.ts';
import { type Context, contactAddress, deskAddress, type Matter, threading } from '../matter.ts';
import { multipart, textEntity } from '../mime/entity.ts';
import { wrap } from '../mime/flowed.ts';
import { phrases } from '../texts/index.ts';
import type { SampleMail } from '../types.ts';
import { ASCII, arrive, UTF8 } from './arrive.ts';

/** An answer that the contact's mailbox gives by itself (RFC 3834). */
export const outOfOffice = (matter: Matter, date: Date, context: Context): SampleMail => {
  const words = phrases[matter.contact.lang].outOfOffice;
  const text = fillParagraph(context.random.pick(words.text), matter.facts);
  const envelope = {
    from: contactAddress(matter),
    to: [deskAddress],
    date,
    subject: `${words.subject} ${matter.last?.subject ?? matter.subject}`,
    messageId: newMessageId('outlook', matter.address, context.random),
    ...threading(matter),
    more: 'Auto-Submitted: auto-replied\r\nX-Auto-Response-Suppress: All\r\nPrecedence: bulk\r\n',
  };
  return arrive(
    envelope,
    matter.contact.zone,
    textEntity('plain', `${wrap(text)}\n\n${matter.contact.first} ${matter.contact.last}\n`, UTF8),
    context,
  );
};

/** The report of a mail server that our last mail couldn't be delivered (RFC 3464). */
export const bounce = (matter: Matter, date: Date, context: Context): SampleMail => {
  const { random } = context;
  const failed = matter.last?.to.email ?? matter.address;
  const domain = failed.slice(failed.indexOf('@') + 1);
  const words = `This is the mail system at host mail.${domain}.\n\nI'm sorry to have to inform you that your message could not\nbe delivered to one or more recipients. It's attached below.\n\n<${failed}>: host mail.${domain} said: 550 5.1.1 <${failed}>:\n    Recipient address rejected: User unknown\n`;
  const status = `Reporting-MTA: dns; mail.${domain}\r\nArrival-Date: ${mailDate(date, 2)}\r\n\r\nFinal-Recipient: rfc822; ${failed}\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 User unknown\r\n`;
  const original = Buffer.from(
    `From: ${matter.agent.email}\r\nTo: ${failed}\r\nMessage-ID: ${matter.last?.messageId ?? ''}\r\nDate: ${mailDate(matter.last?.date ?? date, 2)}\r\n`,
    'latin1',
  );
  const report = multipart(
    'report',
    [
      textEntity('plain', words, ASCII),
      { head: 'Content-Type: message/delivery-status\r\n', body: [status] },
      { head: 'Content-Type: text/rfc822-headers\r\n', body: [original] },
    ],
    `${random.hex(10).toUpperCase()}.${random.int(1e8, 9e8)}/mail.${domain}`,
    ';\r\n\treport-type=delivery-status',
  );
  const envelope = {
    from: { name: 'Mail Delivery System', email: `MAILER-DAEMON@mail.${domain}` },
    to: [{ email: matter.agent.email }],
    date,
    subject: 'Undelivered Mail Returned to Sender',
    messageId: `<${date.getTime()}.${random.hex(8)}@mail.${domain}>`,
    more: 'Auto-Submitted: auto-replied\r\n',
  };
  return arrive(envelope, 2, report, context);
};

/** "Your mail was displayed" (RFC 8098). */
export const receipt = (matter: Matter, date: Date, context: Context): SampleMail => {
  const { random } = context;
  const note = `Your message\n\n   To: ${matter.address}\n   Subject: ${matter.facts.booking}\n   Sent: ${mailDate(matter.last?.date ?? date, 2)}\n\nwas displayed on ${mailDate(date, 2)}.\n`;
  const fieldsOfReport = `Final-Recipient: rfc822; ${matter.address}\r\nOriginal-Message-ID: ${matter.last?.messageId ?? ''}\r\nDisposition: manual-action/MDN-sent-manually; displayed\r\n`;
  const report = multipart(
    'report',
    [
      textEntity('plain', note, ASCII),
      { head: 'Content-Type: message/disposition-notification\r\n', body: [fieldsOfReport] },
    ],
    `----=_MDN_${random.hex(20)}`,
    ';\r\n\treport-type=disposition-notification',
  );
  const envelope = {
    from: contactAddress(matter),
    to: [deskAddress],
    date,
    subject: `Read: ${matter.subject}`,
    messageId: newMessageId('outlook', matter.address, random),
    ...threading(matter),
    more: 'Auto-Submitted: auto-generated\r\n',
  };
  return arrive(envelope, matter.contact.zone, report, context);
};
