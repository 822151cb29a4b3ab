import { z } from 'zod';
import { present } from './present.ts';

const instant = z.iso.datetime();

/** One leg of a call. What the source doesn't say is missing. Times are ISO 8601 in UTC, durations in seconds. */
export const leg = z.looseObject({
  externalId: z.string(),
  /** tells apart several legs with one externalId */
  leg: z.string().optional(),
  direction: z.string().optional(),
  from: z.string().optional(),
  to: z.string().optional(),
  state: z.string().optional(),
  startedAt: instant.optional(),
  answeredAt: instant.optional(),
  endedAt: instant.optional(),
  durationSeconds: z.number().optional(),
  talkSeconds: z.number().optional(),
  answered: z.boolean().optional(),
});
export type Leg = z.infer<typeof leg>;

/** A recording of a call. Null stands for what isn't known. */
export const recording = z.looseObject({
  externalId: z.string().optional(),
  /** number of its file among the interaction's parts; null while the file isn't here */
  part: z.int().nullable(),
  durationSeconds: z.number().nullable(),
  channels: z.int().nullable(),
  /** whether the caller was told that the call is recorded; null: not known */
  notice: z.boolean().nullable(),
  transcript: z.unknown().nullable(),
});
export type Recording = z.infer<typeof recording>;

/** Details of a call's interaction (DESIGN 10): `call` and `recordings`. Durations in seconds. */
export const callDetails = z.looseObject({
  call: z.looseObject({
    durationSeconds: z.number().nullable(),
    talkSeconds: z.number().nullable(),
    /** talk time without counting overlapping legs twice */
    spokenSeconds: z.number().nullish(),
    answered: z.boolean().nullable(),
    legs: z.array(leg),
  }),
  recordings: z.array(recording),
});
export type CallDetails = z.infer<typeof callDetails>;

/** Details of a call of which nothing is known yet. */
export const emptyCall = (): CallDetails => ({
  call: { durationSeconds: null, talkSeconds: null, answered: null, legs: [] },
  recordings: [],
});

const seconds = (from: string, to: string): number =>
  Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 1000));

const durationOf = (legs: readonly Leg[]): number | null => {
  const starts = legs.flatMap(({ startedAt }) => startedAt ?? []).sort();
  const ends = legs.flatMap(({ startedAt, endedAt, durationSeconds }) => {
    if (endedAt) return endedAt;
    if (!startedAt || durationSeconds === undefined) return [];
    return new Date(Date.parse(startedAt) + durationSeconds * 1000).toISOString();
  });
  const [first, last] = [starts[0], ends.sort().at(-1)];
  if (first && last) return seconds(first, last);
  const known = legs.flatMap(({ durationSeconds }) => durationSeconds ?? []);
  return known.length > 0 ? Math.max(...known) : null;
};

const talkOf = (legs: readonly Leg[]): number | null => {
  const known = legs.flatMap(({ talkSeconds }) => talkSeconds ?? []);
  return known.length > 0 ? known.reduce((sum, talk) => sum + talk, 0) : null;
};

/** When a leg's talk began and ended (Unix milliseconds; NaN when unknown): it lasts until the end of the leg. */
const talkIn = ({ startedAt, endedAt, durationSeconds, talkSeconds = 0 }: Leg): [number, number] => {
  const end = endedAt ? Date.parse(endedAt) : Date.parse(startedAt ?? '') + (durationSeconds ?? Number.NaN) * 1000;
  return [end - talkSeconds * 1000, end];
};

/** Talk time of all legs without counting overlaps twice; the plain sum where it isn't known when they talked. */
const spokenOf = (legs: readonly Leg[]): number | null => {
  const talks = legs.filter(({ talkSeconds = 0 }) => talkSeconds > 0).map(talkIn);
  if (talks.length < 2 || talks.flat().some(Number.isNaN)) return talkOf(legs);
  let [total, until] = [0, Number.NEGATIVE_INFINITY];
  for (const [from, to] of talks.sort(([a], [b]) => a - b)) {
    total += Math.max(0, to - Math.max(from, until));
    until = Math.max(until, to);
  }
  return Math.round(total / 1000);
};

const answeredOf = (legs: readonly Leg[]): boolean | null => {
  const known = legs.flatMap(({ answered }) => answered ?? []);
  return known.length > 0 ? known.some(answered => answered) : null;
};

/**
 * Adds a leg, or updates it (same externalId and `leg`) with the fields that are given. The call's duration is then from the first start to the last end, its
 * talk time the sum of the legs' (`spokenSeconds`: without overlaps), and it is answered when any leg is.
 */
export const withLeg = (details: CallDetails, told: Leg): CallDetails => {
  const before = details.call.legs.find(one => one.externalId === told.externalId && one.leg === told.leg);
  const next = { ...before, ...present(told) } as Leg;
  const legs = before ? details.call.legs.map(one => (one === before ? next : one)) : [...details.call.legs, next];
  const call = {
    ...details.call,
    durationSeconds: durationOf(legs),
    talkSeconds: talkOf(legs),
    spokenSeconds: spokenOf(legs),
    answered: answeredOf(legs),
    legs,
  };
  return { ...details, call };
};

/** Adds a recording, or updates it (same externalId) with the fields that are given. */
export const withRecording = (details: CallDetails, told: Partial<Recording> & { externalId: string }): CallDetails => {
  const before = details.recordings.find(({ externalId }) => externalId === told.externalId);
  const empty = { part: null, durationSeconds: null, channels: null, notice: null, transcript: null };
  const next = { ...empty, ...before, ...present(told) } as Recording;
  const recordings = before
    ? details.recordings.map(one => (one === before ? next : one))
    : [...details.recordings, next];
  return { ...details, recordings };
};

const clock = (total: number): string => {
  const parts = [Math.floor(total / 3600), Math.floor((total % 3600) / 60), total % 60];
  const [hours = 0, ...rest] = parts;
  const shown = hours > 0 ? parts : rest;
  return shown.map((part, index) => (index === 0 ? String(part) : String(part).padStart(2, '0'))).join(':');
};

/**
 * One line for a timeline: 'Answered, 3:12', 'Missed', 'No answer', or 'Call, 1:05' when it isn't known whether it was answered. `unended`: the text for a call
 * without result and duration, for sources that log calls only when they are over.
 */
export const callSummary = ({ call }: CallDetails, direction: string, unended = 'Under way'): string => {
  const { answered, talkSeconds, spokenSeconds, durationSeconds } = call;
  if (answered === null) return durationSeconds === null ? unended : `Call, ${clock(durationSeconds)}`;
  if (!answered) return direction === 'inbound' ? 'Missed' : 'No answer';
  const spoken = spokenSeconds ?? talkSeconds ?? durationSeconds;
  return spoken === null ? 'Answered' : `Answered, ${clock(spoken)}`;
};
