import type { Models } from '../../models/index.ts';
import { native } from '../store/native.ts';

/** What was pushed to an account and can't be captured for a reason of ours. */
export interface HeldUp {
  /** those that were tried */
  rows: number;
  /** when the oldest of them came */
  since: Date;
  /** what the error is called */
  failedBy: string;
}

/** By account; nothing of most. Only rows that failed have `attempts`, and so a key in its index. */
export const heldUpOf = async ({ inbox }: Pick<Models, 'inbox'>): Promise<Map<string, HeldUp>> => {
  const found = await native(inbox)
    .aggregate<HeldUp & { _id: string }>([
      { $match: { attempts: { $gt: 0 } } },
      { $sort: { arrivedAt: -1 } },
      {
        $group: { _id: '$account', rows: { $sum: 1 }, since: { $min: '$arrivedAt' }, failedBy: { $last: '$failedBy' } },
      },
    ])
    .toArray();
  return new Map(found.map(({ _id, ...heldUp }) => [_id, heldUp]));
};

export const lagOf = ({ since }: HeldUp): number => Math.round((Date.now() - since.getTime()) / 1000);

export const heldUpInWords = ({ since, failedBy }: HeldUp): string =>
  `What was pushed to it since ${since.toISOString()} can't all be captured: an error of the hub (${failedBy}). It is kept, and tried again.`;
