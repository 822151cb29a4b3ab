import type { Interaction } from '../../api/types.ts';

/** One leg of a call; fields that the source didn't give are missing. */
export interface Leg {
  externalId: string;
  from?: string;
  to?: string;
  state?: string;
  startedAt?: string;
  durationSeconds?: number;
  talkSeconds?: number;
  answered?: boolean;
}

/** What is known of a call. */
export interface CallFacts {
  durationSeconds: number | null;
  /** without overlaps of the legs where that is known, since the plain sum counts the same talk several times */
  talkSeconds: number | null;
  answered: boolean | null;
  legs: Leg[];
}

/** What is known of a recording. */
export interface RecordingFacts {
  /** a recording of a call; false: another audio file */
  told: boolean;
  /** number of its file; null while the file isn't here */
  part: number | null;
  durationSeconds: number | null;
  channels: number | null;
  /** whether the caller was told that the call is recorded; null: not known */
  notice: boolean | null;
  transcript: unknown;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const numberOr = (value: unknown): number | null => (typeof value === 'number' ? value : null);
const booleanOr = (value: unknown): boolean | null => (typeof value === 'boolean' ? value : null);

/** The call of an interaction; null when it is none. Details are defined by the connector, so their types are checked here. */
export const callOf = ({ call }: Interaction): CallFacts | null => {
  if (!isObject(call)) return null;
  return {
    durationSeconds: numberOr(call.durationSeconds),
    talkSeconds: numberOr(call.spokenSeconds) ?? numberOr(call.talkSeconds),
    answered: booleanOr(call.answered),
    legs: Array.isArray(call.legs) ? (call.legs.filter(isObject) as unknown as Leg[]) : [],
  };
};

const isAudio = (type: string): boolean => /^audio\//i.test(type);

/** The recordings in an interaction's details, and its other audio files (voice messages). */
export const recordingsOf = ({ recordings, parts }: Interaction): RecordingFacts[] => {
  const told = (Array.isArray(recordings) ? recordings.filter(isObject) : []).map(recording => ({
    told: true,
    part: numberOr(recording.part),
    durationSeconds: numberOr(recording.durationSeconds),
    channels: numberOr(recording.channels),
    notice: booleanOr(recording.notice),
    transcript: recording.transcript ?? null,
  }));
  const known = new Set(told.map(({ part }) => part));
  const others = parts.filter(({ n, type }) => isAudio(type) && !known.has(n));
  return [
    ...told,
    ...others.map(({ n }) => ({
      told: false,
      part: n,
      durationSeconds: null,
      channels: null,
      notice: null,
      transcript: null,
    })),
  ];
};
