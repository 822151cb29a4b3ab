import type { Captured, Complete, Participant } from '../contract.ts';
import { belonging, isToUsAlone, ourOwnOf } from './parse/direction.ts';

const keyOf = ({ role, identifier: { type, value } }: Participant): string => `${role} ${type} ${value.toLowerCase()}`;

const RANK = { inbound: 0, internal: 1, outbound: 2 };

const automatedOf = ({ details }: Captured): string | null =>
  (details as { automated?: string | null } | undefined)?.automated ?? null;

/**
 * See `Connector.complete` (DESIGN 6). All copies of a mail have the same From, To and Cc. Whoever any copy names as Bcc got it too, and it counts as ours when
 * any copy lies in Sent or its sender is ours by now. A copy that doesn't show this takes none of it back.
 */
export const complete: Complete = (known, copy, ours) => {
  const here = new Set(copy.participants.map(keyOf));
  const before = new Set(known.participants.map(keyOf));
  const unseen = known.participants.filter(one => one.role === 'bcc' && !here.has(keyOf(one)));
  const participants = [...copy.participants, ...unseen];
  const isSent = known.direction !== 'inbound' || copy.direction !== 'inbound';
  const folderIsSent = isSent && !isToUsAlone(participants, ourOwnOf(participants, ours)); // somebody's mail to us may be filed in Sent
  const said = belonging(participants, { ours, folderIsSent, automated: automatedOf(copy) });
  const isBack = RANK[said.direction] < RANK[known.direction];
  const whose = isBack ? { direction: known.direction, parties: [], others: [] } : said;
  const isNew = whose.direction !== known.direction || copy.participants.some(one => !before.has(keyOf(one)));
  return isNew ? { ...copy, participants, ...whose } : null;
};
