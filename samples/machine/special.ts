import { composeLetter } from '../compose.ts';
import { OWN_DOMAIN } from '../data/organisations.ts';
import { type Envelope, fields, newMessageId } from '../envelope.ts';
import { fillParagraph } from '../facts.ts';
import { meetingOf } from '../files/make.ts';
import { calendarText } from '../files/text.ts';
import { agentAddress, type Context, contactAddress, deskAddress, type Matter, remember } from '../matter.ts';
import { messageEntity, multipart, serialise, textEntity } from '../mime/entity.ts';
import { wrap } from '../mime/flowed.ts';
import { escapeHtml } from '../quote.ts';
import { render } from '../render.ts';
import { phrases } from '../texts/index.ts';
import type { SampleMail } from '../types.ts';
import { ASCII, arrive, UTF8 } from './arrive.ts';

/** An invitation without a word: the calendar is all there is (RFC 6047). */
export const calendarOnly = (matter: Matter, date: Date, context: Context): SampleMail => {
  const { random } = context;
  const text = calendarText(meetingOf(matter, date, random));
  const envelope = {
    from: contactAddress(matter),
    to: [deskAddress],
    date,
    subject: matter.subject,
    messageId: newMessageId('outlook', matter.address, random),
  };
  return arrive(
    envelope,
    matter.contact.zone,
    textEntity('calendar', text, { charset: 'utf-8', encoding: 'base64', parameters: '; method=REQUEST' }),
    context,
  );
};

/** Sent too early: no subject, no text. */
export const emptyMail = (matter: Matter, date: Date, context: Context): SampleMail => {
  const envelope = {
    from: contactAddress(matter),
    to: [deskAddress],
    date,
    subject: '',
    messageId: newMessageId('apple', matter.address, context.random),
  };
  return arrive(envelope, matter.contact.zone, textEntity('plain', '', ASCII), context);
};

/** A mail that the contact got from someone of a club: the desk knows nothing of its sender. */
const clubMail = (matter: Matter, date: Date, { random }: Context): Buffer => {
  const author = {
    ...matter.contact,
    first: 'Outi',
    last: 'Kaarela',
    email: 'outi@seura.example',
    client: 'gmail' as const,
  };
  const letter = composeLetter(
    {
      step: 'more',
      topic: matter.topic,
      facts: matter.facts,
      lang: matter.lang,
      author,
      reader: matter.contact,
      ours: false,
    },
    random,
  );
  const envelope = {
    from: { name: 'Outi Kaarela', email: author.email },
    to: [contactAddress(matter)],
    date,
    zone: 2,
    subject: matter.subject,
    messageId: newMessageId('gmail', author.email, random),
  };
  const draft = {
    envelope,
    author,
    client: author.client,
    lang: matter.lang,
    ours: true,
    arrived: date,
    files: [],
    quirk: {},
  };
  return render({ ...draft, letter: { ...letter, signature: ['Outi Kaarela'] } }, random).raw;
};

/** The contact sends on a mail that they got themselves, as an attached message. */
export const forwarded = (matter: Matter, date: Date, context: Context): SampleMail => {
  const { random } = context;
  const { contact, topic, facts, lang } = matter;
  const text = `${fillParagraph(topic.ask[0]?.[0] ?? '', facts)}\n\n${phrases[lang].closings[0]}\n${contact.first}`;
  const inner = clubMail(matter, new Date(date.getTime() - random.int(2, 40) * 3_600_000), context);
  const entity = multipart(
    'mixed',
    [textEntity('plain', `${wrap(text)}\n`, UTF8), messageEntity(inner)],
    `------------${random.hex(24)}`,
  );
  const subject = `${phrases[lang].forward} ${matter.subject}`;
  const messageId = newMessageId('thunderbird', matter.address, random);
  const envelope = { from: contactAddress(matter), to: [deskAddress], date, subject, messageId };
  remember(matter, {
    from: envelope.from,
    to: deskAddress,
    date,
    subject,
    messageId,
    text,
    html: `<p>${escapeHtml(text)}</p>\n`,
  });
  return arrive(envelope, contact.zone, entity, context);
};

/** One of us asks another one: nobody outside is on it. */
export const internalMail = (matter: Matter, other: Matter['agent'], date: Date, context: Context): SampleMail => {
  const { random } = context;
  const { agent } = matter;
  const text = `${wrap(matter.last?.text ?? '')}\n`;
  const envelope: Envelope = {
    from: agentAddress(agent),
    to: [agentAddress(other)],
    date,
    zone: 2,
    subject: `FYI: ${matter.subject}`,
    messageId: newMessageId('thunderbird', `x@${OWN_DOMAIN}`, random),
  };
  return {
    folder: 'Sent',
    date,
    raw: serialise(fields(envelope, random), textEntity('plain', `${matter.facts.booking}?\n\n${text}`, UTF8)),
  };
};
