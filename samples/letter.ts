import { composeLetter, type TextStep } from './compose.ts';
import { type Envelope, newMessageId } from './envelope.ts';
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

const kindsAt = (step: TextStep, matter: Matter, quirk: Quirk, random: Random): readonly FileKind[] => {
  if (quirk.files) return quirk.files;
  const { topic } = matter;
  if (step === 'ask') return topic.askFile && random.chance(0.5) ? [topic.askFile] : [];
  if (step === 'answer') return topic.answerFile && random.chance(0.6) ? [topic.answerFile] : [];
  if (step === 'more') return random.chance(0.1) ? [random.pick<FileKind>(['pdf', 'png'])] : [];
  return [];
};

const filesAt = (step: TextStep, matter: Matter, quirk: Quirk, date: Date, context: Context): SampleFile[] => {
  const kinds = kindsAt(step, matter, quirk, context.random);
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

/** Writes the letter of a step, as a mail that arrives at `date`. */
export const writeLetter = (
  matter: Matter,
  step: TextStep,
  date: Date,
  context: Context,
  bend: Bend = {},
): SampleMail => {
  const { random } = context;
  const ours = oursAt(step, matter.topic);
  const quirk = !ours && matter.references.length === 0 ? matter.quirk : {};
  const author = ours ? matter.agent : matter.contact;
  const files = filesAt(step, matter, quirk, date, context);
  const screenshot = quirk.screenshot
    ? makeFile({ kind: 'png', matter, size: context.filling(), date, unusual: false }, random)
    : undefined;
  const envelope: Envelope = {
    ...(ours ? ourEnvelope(matter, bend.misdirected === true) : theirEnvelope(matter, quirk)),
    ...threading(matter),
    date: ours ? date : new Date(date.getTime() - random.int(2, 40) * 1000),
    zone: author.zone,
    subject: matter.last ? replySubject(matter.subject, author.lang) : matter.subject,
    messageId: quirk.noMessageId ? null : (bend.messageId ?? newMessageId(author.client, author.email, random)),
    ...(quirk.charset && quirk.charset !== 'windows-1252' ? { charset: quirk.charset } : {}),
  };
  const names = files.map(file => file.name);
  const letter = composeLetter(
    {
      step,
      topic: matter.topic,
      facts: matter.facts,
      lang: matter.lang,
      author,
      reader: ours ? matter.contact : matter.agent,
      ours,
      fileNames: names,
    },
    random,
  );
  const quoted = matter.last && random.chance(0.88) ? { quoted: matter.last } : {};
  const draft = {
    envelope,
    letter,
    author,
    client: author.client,
    lang: matter.lang,
    ours,
    arrived: date,
    files,
    quirk,
    ...quoted,
  };
  const { raw, written } = render(screenshot ? { ...draft, screenshot } : draft, random);
  remember(matter, written);
  return { folder: ours ? 'Sent' : 'INBOX', raw, date };
};
