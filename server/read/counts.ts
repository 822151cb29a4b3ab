import type { Models } from '../../models/index.ts';
import type { CappedCount, TimelineCounts } from '../http/dto/timeline.ts';
import { native } from '../store/native.ts';
import { type EntryFilter, entryFilter, type Whose } from './timeline.ts';

/** Counting stops here: "10,000+". */
export const MOST_COUNTED = 10_000;

interface Group {
  channel: string;
  direction: string;
  files: boolean;
  count: number;
}

const keys = { channel: '$channel', direction: '$direction', files: '$files' } as const;

/** How many entries there are of each kind, in one scan of index keys that ends after the most we count. */
const groupsOf = async (models: Models, whose: Whose, filter: EntryFilter): Promise<Group[]> => {
  const alone = whose.contacts === null || whose.contacts.length === 1;
  const once = [{ $group: { _id: { $ifNull: ['$interaction', '$event'] }, kind: { $first: keys } } }];
  return native(models.timeline)
    .aggregate<Group>([
      { $match: entryFilter(whose, filter) },
      { $limit: MOST_COUNTED + 1 },
      ...(alone ? [] : once),
      { $group: { _id: alone ? keys : '$kind', count: { $sum: 1 } } },
      { $project: { _id: 0, channel: '$_id.channel', direction: '$_id.direction', files: '$_id.files', count: 1 } },
    ])
    .toArray();
};

const channelsOf = async (models: Models, whose: Whose): Promise<string[]> => {
  const { contact } = entryFilter(whose, {});
  return native(models.timeline).distinct('channel', { contact });
};

const sum = (groups: readonly Group[]): number => groups.reduce((total, { count }) => total + count, 0);

/** More entries than one scan counts: each channel gets a scan of its own, so that the rare ones are counted too. */
const allGroups = async (models: Models, whose: Whose, filter: EntryFilter): Promise<Group[]> => {
  const groups = await groupsOf(models, whose, filter);
  if (sum(groups) <= MOST_COUNTED) return groups;
  const channels = await channelsOf(models, whose);
  const each = await Promise.all(channels.map(channel => groupsOf(models, whose, { ...filter, channel: [channel] })));
  return each.flat();
};

const capped = (groups: readonly Group[]): CappedCount => {
  const count = sum(groups);
  return { count: Math.min(count, MOST_COUNTED), more: count > MOST_COUNTED };
};

const byValue = <Key extends 'channel' | 'direction'>(
  groups: readonly Group[],
  key: Key,
): Record<string, CappedCount> =>
  Object.fromEntries(
    [...new Set(groups.map(group => group[key]))]
      .sort()
      .map(value => [value, capped(groups.filter(group => group[key] === value))]),
  );

/** Counts for the filter bar: each facet under the other filters, the total under all of them. */
export const timelineCounts = async (models: Models, whose: Whose, filter: EntryFilter): Promise<TimelineCounts> => {
  const { channel, direction, files, ...dates } = filter;
  const groups = await allGroups(models, whose, dates);
  const fits = {
    channel: (group: Group) => !channel || channel.includes(group.channel),
    direction: (group: Group) => !direction || direction.includes(group.direction),
    files: (group: Group) => files === undefined || group.files === files,
  };
  const where = (...names: (keyof typeof fits)[]) => groups.filter(group => names.every(name => fits[name](group)));
  const withFiles = (value: boolean) => capped(where('channel', 'direction').filter(group => group.files === value));
  return {
    total: capped(where('channel', 'direction', 'files')),
    channels: byValue(where('direction', 'files'), 'channel'),
    directions: byValue(where('channel', 'files'), 'direction'),
    files: { true: withFiles(true), false: withFiles(false) },
  };
};
