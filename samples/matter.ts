import type { TextStep } from './compose.ts';
import { SUPPORT_ADDRESS } from './data/organisations.ts';
import type { Envelope } from './envelope.ts';
import type { Facts } from './facts.ts';
import type { Address } from './mime/headers.ts';
import type { Quirk, Step } from './quirks.ts';
import type { Written } from './quote.ts';
import type { Random } from './random.ts';
import { phrases } from './texts/index.ts';
import type { Lang, Person, Topic } from './types.ts';

/** One matter of a customer: a thread of mails, of which some are still to be written. */
export interface Matter {
  contact: Person;
  /** the address that the contact writes from this time */
  address: string;
  agent: Person;
  lang: Lang;
  topic: Topic;
  facts: Facts;
  subject: string;
  /** steps still to come */
  steps: Step[];
  quirk: Quirk;
  references: string[];
  last?: Written;
}

/** What a step needs from its surroundings. */
export interface Context {
  random: Random;
  /** bytes that the files of one mail should take */
  filling(): number;
}

/** Whether the desk writes this step. */
export const oursAt = (step: TextStep, topic: Topic): boolean =>
  step === 'done' || (topic.by === 'agent' ? step === 'ask' : step === 'answer');

/** The desk signs with a person's name; answers go to the shared address. */
export const agentAddress = (agent: Person): Address => ({ name: `${agent.first} ${agent.last}`, email: agent.email });

export const deskAddress: Address = { name: 'Varaamo tuki', email: SUPPORT_ADDRESS };

/** The contact's address of this matter, with the name that its mail program shows. */
export const contactAddress = (matter: Matter): Address => {
  const { contact, address } = matter;
  const bare = contact.client === 'legacy' && contact.first.length % 2 === 0;
  return bare ? { email: address } : { name: `${contact.first} ${contact.last}`, email: address };
};

const REPLIES = /^(?:re|vs|sv):\s/i;

/** Subject of a reply, in the author's language, never doubled. */
export const replySubject = (subject: string, lang: Lang): string =>
  REPLIES.test(subject) ? subject : `${phrases[lang].reply} ${subject}`;

/** The thread's fields of the next mail. */
export const threading = (matter: Matter): Pick<Envelope, 'inReplyTo' | 'references'> =>
  matter.last?.messageId ? { inReplyTo: matter.last.messageId, references: matter.references.slice(-12) } : {};

/** Takes a written mail into the thread. */
export const remember = (matter: Matter, written: Written): void => {
  matter.last = written;
  if (written.messageId) matter.references.push(written.messageId);
};
