export type Lang = 'fi' | 'sv' | 'en';

/** How a mail program writes: encodings, quoting, Message-IDs and HTML differ. */
export type Client = 'outlook' | 'gmail' | 'thunderbird' | 'apple' | 'legacy';

/** One generated mail: CRLF line ends, complete as a server would hold it. */
export interface SampleMail {
  folder: 'INBOX' | 'Sent';
  raw: Buffer;
  date: Date;
}

export interface Organisation {
  externalId: string;
  name: string;
  domains: string[];
  lang: Lang;
  /** hours ahead of UTC in winter */
  zone: number;
  address: string;
  /** days before `now` */
  startedDaysAgo: number;
  endedDaysAgo?: number;
  disclaimer?: boolean;
}

/** Someone who writes to or from the desk. */
export interface Person {
  first: string;
  last: string;
  email: string;
  /** a second address of the same person */
  also?: string;
  title: string;
  lang: Lang;
  client: Client;
  zone: number;
  organisation?: Organisation;
  phone?: string;
}

/** A person of the register. */
export interface Contact extends Person {
  externalId: string;
  organisation: Organisation;
  username: string;
  phone: string;
  startedDaysAgo: number;
  endedDaysAgo?: number;
}

/** A support matter in one language: each list of lists is paragraphs, each with its variants. */
export interface Topic {
  id: string;
  /** who writes first */
  by: 'contact' | 'agent';
  subjects: readonly string[];
  ask: readonly (readonly string[])[];
  answer: readonly (readonly string[])[];
  /** the contact comes back with more */
  more: readonly string[];
  /** the agent settles it */
  done: readonly string[];
  /** files that such a first mail, or its answer, tends to bring */
  askFile?: FileKind;
  answerFile?: FileKind;
}

export type FileKind = 'pdf' | 'xlsx' | 'csv' | 'png' | 'ics';

/** What a language needs besides its topics. */
export interface Phrases {
  greetings: readonly string[];
  agentGreetings: readonly string[];
  closings: readonly string[];
  agentClosings: readonly string[];
  thanks: readonly string[];
  reminders: readonly string[];
  extras: readonly string[];
  agentExtras: readonly string[];
  attached: readonly string[];
  rooms: readonly string[];
  groups: readonly string[];
  weekdays: readonly string[];
  /** "on Monday" as one word or phrase, Sunday first */
  onWeekdays: readonly string[];
  months: readonly string[];
  reply: string;
  forward: string;
  outOfOffice: { subject: string; text: readonly string[] };
  /** From, Sent, To, Subject as Outlook writes them above a quote */
  labels: readonly [string, string, string, string];
  disclaimer: string;
  /** a remark with signs that not every charset has */
  receipt: string;
  fileNames: Record<FileKind, readonly string[]>;
}
