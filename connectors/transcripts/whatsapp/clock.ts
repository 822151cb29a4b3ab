import { DateTime } from 'luxon';
import type { LocalTime } from './header.ts';

const possible = (time: LocalTime, zone: string): DateTime[] =>
  DateTime.fromObject(time, { zone }).getPossibleOffsets();

/** Minutes from UTC that hold for the whole hour of this time; null when the clocks are changed in it. */
const offsetIn = (time: LocalTime, zone: string): number | null => {
  const edges = [
    { minute: 0, second: 0 },
    { minute: 59, second: 59 },
  ].flatMap(edge => possible({ ...time, ...edge }, zone));
  const offsets = new Set(edges.map(({ offset }) => offset));
  return edges.length === 2 && offsets.size === 1 ? (edges[0]?.offset ?? null) : null;
};

const asUtc = ({ year, month, day, hour, minute, second }: LocalTime): number =>
  Date.UTC(year, month - 1, day, hour, minute, second);

/** Tells local times in their order: the hour that is there twice in autumn is the earlier one first, for a chat goes forward. */
export const makeClock = (zone: string) => {
  let last = 0;
  let hour = '';
  let offset: number | null = null;
  return (time: LocalTime): Date => {
    const now = [time.year, time.month, time.day, time.hour].join();
    if (now !== hour) offset = offsetIn(time, zone);
    hour = now;
    if (offset !== null) last = asUtc(time) - offset * 60_000;
    else {
      const at = possible(time, zone)
        .map(one => one.toMillis())
        .sort((a, b) => a - b);
      last = at.find(one => one >= last) ?? at.at(-1) ?? last;
    }
    return new Date(last);
  };
};
