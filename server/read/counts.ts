import type { mongo } from 'mongoose';
import type { Models } from '../../models/index.ts';
import type { TimelineDoc } from '../../models/timeline.ts';
import type { CappedCount, TimelineCounts } from '../http/dto/timeline.ts';
import { native } from '../store/native.ts';
import { type EntryFilter, entryFilter, indexFor, type Whose } from './timeline.ts';

/** Counting stops here: "10,000+". */
export const MOST_COUNTED = 10_000;

const sum = <T>(of: readonly T[], number: (one: T) => number): number =>
  of.reduce((total, one) => total + number(one), 0);

interface Group {
  channel: string;
  direction: string;
  files: boolean;
  count: number;
  /** counting stopped before all were counted */
  more: boolean;
}

interface Scan {
  groups: Group[];
  /** it stopped at the maximum, so further entries, also of other kinds, are missing */
  isCut: boolean;
}

const DIRECTIONS = ['inbound', 'outbound', 'internal'] as const;
const keys = { channel: '$channel', direction: '$direction', files: '$files' } as const;

/**
 * Counts entries of each kind in one scan, which stops after MOST_COUNTED. For a contact it reads index keys only; entries without a contact must be read
 * themselves, since an index doesn't tell null from a missing field.
 */
const scan = async (models: Models, whose: Whose, filter: EntryFilter): Promise<Scan> => {
  const alone = whose.contacts === null || whose.contacts.length === 1;
  const item = { $ifNull: ['$interaction', '$event'] };
  const once = [{ $group: { _id: item, kind: { $first: keys }, rows: { $sum: 1 } } }];
  const found = await native(models.timeline)
    .aggregate<Omit<Group, 'more'> & { rows: number }>(
      [
        { $match: entryFilter(whose, filter) },
        { $limit: MOST_COUNTED + 1 },
        ...(alone ? [] : once),
        { $group: { _id: alone ? keys : '$kind', count: { $sum: 1 }, rows: { $sum: alone ? 1 : '$rows' } } },
        { $replaceWith: { $mergeObjects: ['$_id', { count: '$count', rows: '$rows' }] } },
      ],
      { hint: indexFor(filter) },
    )
    .toArray();
  const isCut = sum(found, ({ rows }) => rows) > MOST_COUNTED;
  return { groups: found.map(({ rows: _, ...group }) => ({ ...group, more: isCut })), isCut };
};

/** The channels of the entries, found by reading one entry for each channel: `distinct` would read all entries without a contact. */
const channelsOf = async (models: Models, whose: Whose): Promise<string[]> => {
  const { contact } = entryFilter(whose, {});
  const found: string[] = [];
  for (;;) {
    const after = found.at(-1);
    const filter = after === undefined ? { contact } : { contact, channel: { $gt: after } };
    const next = await native(models.timeline).findOne(filter as mongo.Filter<TimelineDoc>, {
      projection: { _id: 0, channel: 1 },
      sort: { channel: 1 },
      hint: indexFor({ channel: [] }),
    });
    if (!next) return found;
    found.push(next.channel);
  }
};

/** For a channel with more entries than one scan counts: a scan for each kind, for which the index has all keys. */
const groupsOfKinds = async (models: Models, whose: Whose, filter: EntryFilter): Promise<Group[]> => {
  const kinds = DIRECTIONS.flatMap(direction => [true, false].map(files => ({ direction: [direction], files })));
  const scans = await Promise.all(kinds.map(kind => scan(models, whose, { ...filter, ...kind })));
  return scans.flatMap(({ groups }) => groups);
};

/** Counts of all kinds. Where one scan isn't enough, each channel gets its own, so that rare ones are counted too. */
const allGroups = async (models: Models, whose: Whose, filter: EntryFilter): Promise<Group[]> => {
  const whole = await scan(models, whose, filter);
  if (!whole.isCut) return whole.groups;
  const groupsOf = async (channel: string): Promise<Group[]> => {
    const only = { ...filter, channel: [channel] };
    const { groups, isCut } = await scan(models, whose, only);
    return isCut ? groupsOfKinds(models, whose, only) : groups;
  };
  return (await Promise.all((await channelsOf(models, whose)).map(groupsOf))).flat();
};

const capped = (groups: readonly Group[]): CappedCount => {
  const count = sum(groups, group => group.count);
  return { count: Math.min(count, MOST_COUNTED), more: count > MOST_COUNTED || groups.some(({ more }) => more) };
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

/** Counts for the filter bar: of each value of a filter under the other filters, and in total under all of them. */
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
