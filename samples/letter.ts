import { composeLetter, type Letter, mentionFiles, speaksOfFile, type TextStep } from './compose.ts';
import { type Envelope, newMessageId } from './envelope.ts';
import { fillParagraph } from './facts.ts';
import type { SampleFile } from './files/file.ts';
import { makeFile } from './files/make.ts';
import {
  agentAddress,
  type Context,
  contactAddress,
  deskAddress,
  type Matter,
  oursAt,
  remember,
  replySubject,
  threading,
} from './matter.ts';
import type { Address } from './mime/headers.ts';
import type { Quirk } from './quirks.ts';
import type { Random } from './random.ts';
import { render } from './render.ts';
import { phrases } from './texts/index.ts';
import type { FileKind, SampleMail } from './types.ts';

/** The address in From of the contact's first mail, where a quirk bends it. */
const sender = (matter: Matter, quirk: Quirk): { from: Address; replyTo?: Address } => {
  const plain = contactAddress(matter);
  const [local = '', domain = ''] = matter.address.split('@');
  if (quirk.from === 'plus') return { from: { ...plain, email: `${local}+varaukset@${domain}` } };
  if (quirk.from === 'also' && matter.contact.also) return { from: { ...plain, email: matter.contact.also } };
  if (quirk.from !== 'no-reply') return { from: plain };
  return {
    from: { name: `${matter.contact.organisation?.name ?? domain}`, email: `no-reply@${domain}` },
    replyTo: plain,
  };
};

/** Files that a letter at this step brings: those of the quirk, else what it speaks of, else now and then one. */
const kindsAt = (step: TextStep, matter: Matter, quirk: Quirk, letter: Letter, random: Random): readonly FileKind[] => {
  if (quirk.files) return quirk.files;
  const { topic } = matter;
  const usual = step === 'answer' ? topic.answerFile : topic.askFile;
  if (speaksOfFile(letter)) return [usual ?? 'png'];
  if (step === 'ask' || step === 'answer') return usual && random.chance(0.3) ? [usual] : [];
  return step === 'more' && random.chance(0.15) ? [random.pick<FileKind>(['pdf', 'png'])] : [];
};

const filesFor = (
  kinds: readonly FileKind[],
  matter: Matter,
  quirk: Quirk,
  date: Date,
  context: Context,
): SampleFile[] => {
  const unusual = quirk.nameStyle !== undefined;
  return kinds.map(kind =>
    makeFile({ kind, matter, size: context.filling() / kinds.length, date, unusual }, context.random),
  );
};

/** Where a letter of the desk goes, and from whom; `misdirected`: with a slip in the address. */
const ourEnvelope = (matter: Matter, misdirected: boolean): Pick<Envelope, 'from' | 'to' | 'cc' | 'replyTo'> => {
  const to = contactAddress(matter);
  return {
    from: agentAddress(matter.agent),
    to: [misdirected ? { ...to, email: to.email.replace('@', 'n@') } : to],
    replyTo: deskAddress,
    ...(matter.references.length % 3 === 2 ? { cc: [deskAddress] } : {}),
  };
};

const theirEnvelope = (matter: Matter, quirk: Quirk): Pick<Envelope, 'from' | 'to' | 'cc' | 'replyTo'> => ({
  ...sender(matter, quirk),
  to: [deskAddress],
  ...(matter.last && matter.references.length % 4 === 1 ? { cc: [agentAddress(matter.agent)] } : {}),
});

/** Changes to the ordinary way of writing a step. */
export interface Bend {
  misdirected?: boolean;
  /** Message-ID to use again */
  messageId?: string;
}

const envelopeOf = (matter: Matter, quirk: Quirk, ours: boolean, date: Date, bend: Bend, random: Random): Envelope => {
  const author = ours ? matter.agent : matter.contact;
  return {
    ...(ours ? ourEnvelope(matter, bend.misdirected === true) : theirEnvelope(matter, quirk)),
    ...threading(matter),
    date: ours ? date : new Date(date.getTime() - random.int(2, 40) * 1000),
    zone: author.zone,
    subject: matter.last ? replySubject(matter.subject, author.lang) : matter.subject,
    messageId: quirk.noMessageId ? null : (bend.messageId ?? newMessageId(author.client, author.email, random)),
    ...(quirk.charset ? { charset: quirk.charset } : {}),
  };
};

/** Shows what the charset has beyond ISO 8859-1. */
const hasEuro = (quirk: Quirk): boolean => quirk.charset === 'windows-1252' || quirk.charset === 'iso-8859-15';

/** Writes the letter of a step, as a mail that arrives at `date`. */
export const writeLetter = (
  matter: Matter,
  step: TextStep,
  date: Date,
  context: Context,
  bend: Bend = {},
): SampleMail => {
  const { random } = context;
  const { contact, agent, topic, facts, lang } = matter;
  const ours = oursAt(step, topic);
  const quirk = !ours && !matter.last ? matter.quirk : {};
  const [author, reader] = ours ? [agent, contact] : [contact, agent];
  const plain = composeLetter({ step, topic, facts, lang, author, reader, ours }, random);
  if (hasEuro(quirk)) plain.paragraphs.push(fillParagraph(phrases[lang].receipt, facts));
  const files = filesFor(kindsAt(step, matter, quirk, plain, random), matter, quirk, date, context);
  const names = files.map(file => file.name);
  const draft = {
    envelope: envelopeOf(matter, quirk, ours, date, bend, random),
    letter: mentionFiles(plain, names, lang, random),
    author,
    client: author.client,
    lang,
    ours,
    arrived: date,
    files,
    quirk,
    ...(matter.last && random.chance(0.88) ? { quoted: matter.last } : {}),
    ...(quirk.screenshot ? { screenshot: filesFor(['png'], matter, quirk, date, context)[0] as SampleFile } : {}),
  };
  const { raw, written } = render(draft, random);
  remember(matter, written);
  return { folder: ours ? 'Sent' : 'INBOX', raw, date };
};
