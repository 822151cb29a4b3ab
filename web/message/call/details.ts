import type { Interaction } from '../../api/types.ts';

/** One leg of a call; what its source didn't tell isn't there. */
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

export interface CallFacts {
  durationSeconds: number | null;
  /** by the clock, where that is told: the sum of the legs' counts the same talk several times */
  talkSeconds: number | null;
  answered: boolean | null;
  legs: Leg[];
}

export interface RecordingFacts {
  /** a call's; else a file that can be heard */
  told: boolean;
  /** number of the file; null while it isn't here */
  part: number | null;
  durationSeconds: number | null;
  channels: number | null;
  /** whether the caller was told; null: not known */
  notice: boolean | null;
  transcript: unknown;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const numberOr = (value: unknown): number | null => (typeof value === 'number' ? value : null);
const booleanOr = (value: unknown): boolean | null => (typeof value === 'boolean' ? value : null);

/** The call of an interaction, if it is one. Details are the connector's own, so nothing of their shape is taken for granted. */
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

/** The recordings that an interaction tells of, and any other file that can be heard (a voice message). */
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
