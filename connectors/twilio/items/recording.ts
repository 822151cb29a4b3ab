import type { Recording } from '../../common/call.ts';
import type { Captured, Part, Raw } from '../../contract.ts';
import { callKey } from './call.ts';
import { messageKey } from './message.ts';

const shared = () => ({
  direction: 'inbound' as const,
  participants: [],
  threadKeys: [],
  revises: false as const,
});

/** What a recording is of: a call (its own SID, not a leg's; `isGone`: Twilio doesn't know it any more), or a conference that Twilio names no call of. */
export type RecordedOf = { call: string; isGone?: boolean } | { conference: string };

/** What nothing else tells of is an interaction by itself, to be sorted out: who was in it isn't known. */
const byItself = (belongsTo: string, sid: string, unlinkedReason: string, summary: string): Partial<Captured> => ({
  belongsTo,
  belongsToExternalId: sid,
  orElse: 'create',
  unlinkedReason,
  summary,
});

const ownerOf = (of: RecordedOf): Partial<Captured> => {
  if ('conference' in of) {
    const why = 'A recording of a conference. Twilio doesn’t say which calls were in it.';
    return byItself(`conference:${of.conference}`, of.conference, why, 'Recording of a conference');
  }
  if (!of.isGone) return { belongsTo: callKey(of.call) };
  const why = 'A recording of a call that Twilio doesn’t know any more.';
  return byItself(callKey(of.call), of.call, why, 'Recording of a call');
};

const added = (
  key: string,
  of: RecordedOf,
  at: Date,
  recording: Partial<Recording> & { externalId: string },
): Omit<Captured, 'parts'> => ({
  ...shared(),
  sourceKey: key,
  kind: 'recording',
  ...ownerOf(of),
  channel: 'call',
  occurredAt: at,
  details: { recording },
});

export interface ToldRecording {
  sid: string;
  of: RecordedOf;
  at: Date;
  durationSeconds?: number | undefined;
  channels?: number | undefined;
  /** whether the caller was told */
  notice: boolean | null;
}

const about = ({ sid, durationSeconds, channels, notice }: ToldRecording) => ({
  externalId: sid,
  ...(durationSeconds === undefined ? {} : { durationSeconds }),
  ...(channels === undefined ? {} : { channels }),
  ...(notice === null ? {} : { notice }),
});

/** That there is a recording; its file follows. */
export const recordingTold = (told: ToldRecording & { state: string }, raw?: Raw): Captured => {
  const recording = { ...about(told), state: told.state };
  const { revises: _, ...item } = added(`recording:${told.sid}:${told.state}`, told.of, told.at, recording);
  return { ...item, parts: [], ...(raw ? { raw } : { revises: false }) };
};

/** A recording with its file. */
export const recordingItem = (told: ToldRecording, part: Part, dispose: () => Promise<void>): Captured => {
  const item = added(`recording:${told.sid}`, told.of, told.at, { ...about(told), state: 'completed' });
  return { ...item, details: { ...(item.details as object), hasFile: true }, parts: [part], dispose };
};

/** A file of a message. */
export const mediaItem = (
  told: { sid: string; message: string; channel: string; at: Date },
  part: Part,
  dispose: () => Promise<void>,
): Captured => ({
  ...shared(),
  sourceKey: `media:${told.sid}`,
  kind: 'recording',
  belongsTo: messageKey(told.message),
  externalId: told.sid,
  channel: told.channel,
  occurredAt: told.at,
  parts: [part],
  dispose,
});

interface ToldTranscript {
  sid: string;
  of: RecordedOf;
  recording: string;
  at: Date;
}

const transcribed = (
  { sid, of, recording, at }: ToldTranscript,
  { key = '', ...about }: { key?: string; transcript?: string; transcription?: string },
  raw?: Raw,
): Captured => ({
  ...added(`transcription:${sid}${key}`, of, at, { externalId: recording, ...about }),
  parts: [],
  ...(raw ? { raw } : {}),
});

export const transcriptItem = ({ text, ...told }: ToldTranscript & { text: string }, raw?: Raw): Captured =>
  transcribed(told, { transcript: text }, raw);

/** What became of a transcription that has no text: it failed, say. */
export const transcriptionTold = ({ state, ...told }: ToldTranscript & { state: string }, raw?: Raw): Captured =>
  transcribed(told, { key: `:${state}`, transcription: state }, raw);
