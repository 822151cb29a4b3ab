import { z } from 'zod';
import { present } from './present.ts';

const instant = z.iso.datetime();

/** One leg of a call as its source told it: what isn't known isn't there. Times ISO 8601 in UTC, durations in seconds. */
export const leg = z.looseObject({
  externalId: z.string(),
  /** which of several legs under one externalId */
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

export const recording = z.looseObject({
  externalId: z.string().optional(),
  /** number of the file; null while it isn't here */
  part: z.int().nullable(),
  durationSeconds: z.number().nullable(),
  channels: z.int().nullable(),
  /** whether the caller was told that the call is recorded; null: not known */
  notice: z.boolean().nullable(),
  transcript: z.unknown().nullable(),
});
export type Recording = z.infer<typeof recording>;

/** What an interaction of a call has beside the rest (DESIGN 10): `call` and `recordings`. */
export const callDetails = z.looseObject({
  call: z.looseObject({
    durationSeconds: z.number().nullable(),
    talkSeconds: z.number().nullable(),
    /** by the clock: several legs may be of the same talk */
    spokenSeconds: z.number().nullish(),
    answered: z.boolean().nullable(),
    legs: z.array(leg),
  }),
  recordings: z.array(recording),
});
export type CallDetails = z.infer<typeof callDetails>;

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

/** From when to when was talked, in milliseconds: until the end of the leg. */
const talkIn = ({ startedAt, endedAt, durationSeconds, talkSeconds = 0 }: Leg): [number, number] => {
  const end = endedAt ? Date.parse(endedAt) : Date.parse(startedAt ?? '') + (durationSeconds ?? Number.NaN) * 1000;
  return [end - talkSeconds * 1000, end];
};

/** How long was talked by the clock; the sum where it isn't known when. */
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
 * Adds what is told of a leg, the same leg (by its externalId and `leg`) or a further one: what is told now replaces what was told before. Of the whole call the
 * duration is from the first start to the last end, the talk the sum of the legs' and, besides, by the clock, and it is answered when any leg is.
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

/** Adds a recording, or what is told of one that is there (by its externalId). */
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
 * One line for a timeline: 'Answered, 3:12', 'Missed', 'No answer', 'Call, 1:05' where nobody says whether it was answered. `unended`: what a call is
 * of which neither that is told nor how long it was; a source that tells of calls only once they are over has another word.
 */
export const callSummary = ({ call }: CallDetails, direction: string, unended = 'Under way'): string => {
  const { answered, talkSeconds, spokenSeconds, durationSeconds } = call;
  if (answered === null) return durationSeconds === null ? unended : `Call, ${clock(durationSeconds)}`;
  if (!answered) return direction === 'inbound' ? 'Missed' : 'No answer';
  const spoken = spokenSeconds ?? talkSeconds ?? durationSeconds;
  return spoken === null ? 'Answered' : `Answered, ${clock(spoken)}`;
};
