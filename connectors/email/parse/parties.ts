import { domainToASCII } from 'node:url';
import type { Account, Direction } from '../../contract.ts';
import type { Automated, MailAddress } from './types.ts';

export interface Parties {
  direction: Direction;
  /** whom the mail belongs to; each may become a provisional contact */
  parties: number[];
  /** who takes part besides: only when they are contacts already */
  others: number[];
  /** in words, when `parties` is empty */
  unlinkedReason?: string;
}

export interface PartyFacts {
  participants: readonly MailAddress[];
  ours: Account['ours'];
  /** the first sighting lies in a folder of sent mail */
  folderIsSent: boolean;
  automated: Automated;
}

const NO_REPLY =
  /^(?:no|do[-_.]?not|ei|never)[-_.]?(?:reply|respond|answer|vastaa|vastausta|svara)|^(?:noreply|ala-?vastaa|svara-?inte)\b/i;
const MACHINE = /^(?:mailer-daemon|mail-daemon)@/i;

/** As the core compares addresses: lower case, ASCII domain, without a +tag. */
const comparable = (address: string): { address: string; domain: string } => {
  const at = address.lastIndexOf('@');
  const host = address.slice(at + 1).toLowerCase();
  const domain = domainToASCII(host) || host;
  const local = address
    .slice(0, at)
    .toLowerCase()
    .replace(/^([^+"]+)\+.*$/, '$1');
  return { address: `${local}@${domain}`, domain };
};

const isOneOf = (ours: Account['ours'], { type, value }: MailAddress): boolean => {
  if (type !== 'email') return false;
  const { address, domain } = comparable(value);
  return ours.addresses.has(address) || ours.domains.has(domain);
};

/**
 * Direction of a mail and whose timelines it belongs on (DESIGN 6): internal when all who take part are ours; else outbound when
 * From is ours or it lies in a folder of sent mail, and then the recipients'; else inbound, and then From's, or Reply-To's when
 * From takes no answers. A bounce is nobody's. Pure.
 */
export const readParties = ({ participants, ours, folderIsSent, automated }: PartyFacts): Parties => {
  const outside = [...participants.keys()].filter(index => {
    const one = participants[index] as MailAddress;
    return one.type === 'email' && !isOneOf(ours, one);
  });
  const having = (...roles: string[]) => outside.filter(index => roles.includes(participants[index]?.role ?? ''));
  const from = participants.find(({ role }) => role === 'from') ?? participants.find(({ role }) => role === 'sender');
  const fromIsOurs = from !== undefined && isOneOf(ours, from);
  const addressed = participants.filter(({ type }) => type === 'email');

  if (addressed.length > 0 && outside.length === 0) {
    return {
      direction: 'internal',
      parties: [],
      others: [],
      unlinkedReason: 'Internal mail: all who take part are ours.',
    };
  }
  const direction = fromIsOurs || folderIsSent ? 'outbound' : 'inbound';
  if (automated === 'bounce' || (from && MACHINE.test(from.value))) {
    return { direction, parties: [], others: [], unlinkedReason: 'A bounce: a mail server reports on a mail of ours.' };
  }
  if (direction === 'outbound') {
    const parties = having('to', 'cc', 'bcc');
    const rest = outside.filter(index => !parties.includes(index));
    return {
      direction,
      parties,
      others: rest,
      ...(parties.length ? {} : { unlinkedReason: 'It names no recipient outside.' }),
    };
  }
  const author = having('from').length > 0 ? having('from') : having('sender');
  const answers = having('reply-to');
  const takesNoAnswer = author.every(index => NO_REPLY.test(participants[index]?.value ?? ''));
  const parties = takesNoAnswer && answers.length > 0 ? answers : author;
  const rest = outside.filter(index => !parties.includes(index));
  return { direction, parties, others: rest, ...(parties.length ? {} : { unlinkedReason: 'It names no sender.' }) };
};
