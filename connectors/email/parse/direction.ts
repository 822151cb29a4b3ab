import { isOurs } from '../../common/ours.ts';
import type { Account, Direction, Participant } from '../../contract.ts';

/** Direction of a mail, and whom it belongs to. Indexes are those of `participants`. */
export interface Belonging {
  direction: Direction;
  /** those whom it belongs to */
  parties: number[];
  /** all others outside, to whom it belongs only when they are contacts already */
  others: number[];
  /** in words, when `parties` is empty */
  unlinkedReason?: string;
}

const NO_REPLY =
  /^(?:no|do[._-]?not|donot|ala|älä|ei|inte|svara[._-]?ej)[._-]?(?:reply|respond|answer|vastaa|vastausta|svara)?(?:[._+-].*)?$|(?:^|[._-])no[._-]?reply(?:[._+-]|$)|^noreply/i;
const SURE_NO_REPLY = /reply|respond|answer|vastaa|vastausta|svara/i;

/** Whether an address says that nobody reads what is sent to it (noreply@…). */
export const isNoReply = (address: string): boolean => {
  const local = address.slice(0, address.lastIndexOf('@'));
  return NO_REPLY.test(local) && SURE_NO_REPLY.test(local);
};

interface Facts {
  ours: Account['ours'];
  folderIsSent: boolean;
  automated: string | null;
}

const RECIPIENTS = ['to', 'cc', 'bcc'];

/** For each participant, whether the address is ours. */
export const ourOwnOf = (participants: readonly Participant[], ours: Account['ours']): boolean[] =>
  participants.map(({ identifier: { type, value } }) => type === 'email' && isOurs(value, ours));

/**
 * Whether a mail goes to us alone and can be answered to somebody outside: one from our own web form, or from a list that puts its own address into From
 * (DMARC).
 */
export const isToUsAlone = (participants: readonly Participant[], ourOwn: readonly boolean[]): boolean => {
  const areOurs = (...roles: string[]): boolean[] =>
    participants.flatMap(({ role, identifier }, i) =>
      roles.includes(role) && identifier.type === 'email' ? [ourOwn[i] as boolean] : [],
    );
  const got = areOurs(...RECIPIENTS);
  return got.length > 0 && got.every(Boolean) && !areOurs('from', 'reply-to').every(Boolean);
};

const directionOf = (
  participants: readonly Participant[],
  ourOwn: readonly boolean[],
  folderIsSent: boolean,
): Direction => {
  const known = participants.flatMap(({ identifier }, i) =>
    identifier.type === 'email' ? [ourOwn[i] as boolean] : [],
  );
  if (!folderIsSent && isToUsAlone(participants, ourOwn)) return 'inbound';
  const isFromUs = folderIsSent || participants.some(({ role }, i) => role === 'from' && ourOwn[i]);
  if (!isFromUs) return 'inbound'; // also when From has no address: then not everybody is ours
  return known.length > 0 && known.every(Boolean) ? 'internal' : 'outbound';
};

/** Senders of an inbound mail: From, or Reply-To where From takes no answers. */
const senders = (participants: readonly Participant[], outside: (i: number) => boolean): number[] => {
  const of = (role: string) =>
    participants.flatMap((participant, i) => (participant.role === role && outside(i) ? [i] : []));
  const from = of('from');
  const answers = of('reply-to');
  const isSilent = from.every(i => isNoReply((participants[i] as Participant).identifier.value));
  return isSilent && answers.length > 0 ? answers : from;
};

/** Direction of a mail and whom it belongs to (DESIGN 6). It never belongs to us, and a bounce belongs to nobody. */
export const belonging = (
  participants: readonly Participant[],
  { ours, folderIsSent, automated }: Facts,
): Belonging => {
  const ourOwn = ourOwnOf(participants, ours);
  const direction = directionOf(participants, ourOwn, folderIsSent);
  const outside = (i: number): boolean => !ourOwn[i] && participants[i]?.identifier.type === 'email';
  const nobody = (unlinkedReason: string): Belonging => ({ direction, parties: [], others: [], unlinkedReason });
  if (direction === 'internal') return nobody('Internal mail: everybody who takes part is ours.');
  if (direction === 'inbound' && automated === 'bounce')
    return nobody('A bounce: a mail server reports what became of a mail.');
  const recipients = participants.flatMap(({ role }, i) => (RECIPIENTS.includes(role) && outside(i) ? [i] : []));
  const parties = direction === 'outbound' ? recipients : senders(participants, outside);
  const others = participants.flatMap((_, i) => (outside(i) && !parties.includes(i) ? [i] : []));
  const unlinkedReason = direction === 'outbound' ? 'It names no recipient outside.' : 'It names no sender.';
  return { direction, parties, others, ...(parties.length === 0 && { unlinkedReason }) };
};
