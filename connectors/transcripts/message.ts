import { cutName, cutText } from '../common/cut.ts';
import { rawOf } from '../common/raw.ts';
import type { Captured, Direction, Part, Participant, Raw } from '../contract.ts';
import { isRecognisable, type Person, personKey } from './people.ts';

export interface Conversation {
  /** source key of the interaction */
  key: string;
  /** the provider's id */
  id: string;
  channel: 'chat' | 'whatsapp';
  /** who is not of ours: the conversation is on the timeline of each that can be recognised */
  visitors: readonly Person[];
  subject?: string;
  /** a signed source says who they are */
  proven?: boolean;
  details?: unknown;
}

export interface Said {
  /** source key of the message */
  key: string;
  externalId?: string;
  /** null: nobody, the chat tool itself */
  author: Person | null;
  kind: 'message' | 'note' | 'system';
  at: Date;
  text: string;
  parts?: Part[];
  raw: Raw;
}

/** Chat tools take less; what is longer was no message. */
const LONGEST_TEXT = 1_000_000;

/** A chat of more people than this keeps the first ones as its participants. */
const MOST_PEOPLE = 50;

const participantOf = (person: Person, role: Participant['role']): Participant => {
  const [identifier, ...also] = person.identifiers;
  return {
    role,
    identifier,
    ...(also.length > 0 ? { also } : {}),
    ...(person.name ? { name: person.name } : {}),
  };
};

/** Who wrote comes first. The visitors are in every message, so that whichever comes first puts the chat on their timelines. */
const peopleOf = ({ visitors }: Conversation, author: Person | null): Pick<Captured, 'participants' | 'parties'> => {
  const writer = author ? [participantOf(author, author.isAgent ? 'agent' : 'from')] : [];
  const key = author && personKey(author);
  const others = visitors.filter(one => personKey(one) !== key).slice(0, MOST_PEOPLE);
  const people = [...(author ? [author] : []), ...others];
  const belongs = new Set(visitors.filter(isRecognisable).map(personKey));
  return {
    participants: [...writer, ...others.map(one => participantOf(one, 'to'))],
    parties: people.flatMap((one, index) => (!one.isAgent && belongs.has(personKey(one)) ? [index] : [])),
  };
};

const reasonOf = ({ visitors }: Conversation): string =>
  visitors.length === 0
    ? 'Nobody but our own people wrote in this chat.'
    : 'Of the people in this chat only their names are known.';

const directionOf = ({ author, kind }: Said): Direction =>
  author?.isAgent || kind === 'note' ? 'outbound' : 'inbound';

/** What belongs to a conversation, whatever kind it is of. */
export const belonging = (
  conversation: Conversation,
  author: Person | null,
): Pick<
  Captured,
  'belongsTo' | 'belongsToExternalId' | 'orElse' | 'channel' | 'participants' | 'parties' | 'threadKeys'
> &
  Partial<Captured> => {
  const people = peopleOf(conversation, author);
  return {
    belongsTo: conversation.key,
    belongsToExternalId: conversation.id,
    orElse: 'create',
    channel: conversation.channel,
    ...people,
    ...(people.parties?.length ? {} : { unlinkedReason: reasonOf(conversation) }),
    threadKeys: [conversation.key],
    ...(conversation.subject ? { subject: cutName(conversation.subject) } : {}),
    ...(conversation.proven ? { proven: true } : {}),
    ...(conversation.details === undefined ? {} : { details: conversation.details }),
  };
};

/** A message of a conversation, which makes it when it is the first that comes. */
export const toMessage = (conversation: Conversation, said: Said): Captured => ({
  sourceKey: said.key,
  kind: 'message',
  ...(said.externalId ? { externalId: said.externalId } : {}),
  direction: directionOf(said),
  occurredAt: said.at,
  text: cutText(said.text, LONGEST_TEXT),
  message: { kind: said.kind },
  parts: said.parts ?? [],
  raw: said.raw,
  ...belonging(conversation, said.author),
});

/** A piece of a provider's JSON as the original of a message. */
export const jsonRaw = (value: unknown): Raw => rawOf('application/json', Buffer.from(JSON.stringify(value)));

/** Files that we are told of but don't have, by name. */
export const withFiles = (text: string, names: readonly (string | null | undefined)[]): string =>
  [...(text ? [text] : []), ...names.map(name => `File: ${name?.trim() || 'without a name'}`)].join('\n');

/** The file that a link leads to, by the end of its path. */
export const fileIn = (url: string | null | undefined): string | undefined => {
  const path = url?.split(/[?#]/)[0] ?? '';
  const last = path.slice(path.lastIndexOf('/') + 1);
  try {
    return decodeURIComponent(last) || undefined;
  } catch {
    return last;
  }
};
