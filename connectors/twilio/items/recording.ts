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

/** What was recorded: a call (SID of the whole call, not of a leg; `isGone`: Twilio no longer has it), or a conference for which Twilio names no call. */
export type RecordedOf = { call: string; isGone?: boolean } | { conference: string };

/**
 * For a recording whose call or conference is reported by nothing else: it makes an interaction of its own, to be sorted out, since nobody is known to have
 * taken part.
 */
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

/** What a webhook or the API says about a recording. */
export interface ToldRecording {
  sid: string;
  of: RecordedOf;
  at: Date;
  durationSeconds?: number | undefined;
  channels?: number | undefined;
  /** whether the caller was told that the call is recorded; null: not known */
  notice: boolean | null;
}

const about = ({ sid, durationSeconds, channels, notice }: ToldRecording) => ({
  externalId: sid,
  ...(durationSeconds === undefined ? {} : { durationSeconds }),
  ...(channels === undefined ? {} : { channels }),
  ...(notice === null ? {} : { notice }),
});

/** The state of a recording as an item without the file, which comes by `recordingItem`. */
export const recordingTold = (told: ToldRecording & { state: string }, raw?: Raw): Captured => {
  const recording = { ...about(told), state: told.state };
  const { revises: _, ...item } = added(`recording:${told.sid}:${told.state}`, told.of, told.at, recording);
  return { ...item, parts: [], ...(raw ? { raw } : { revises: false }) };
};

/** A recording with its file as an item. `dispose` deletes the downloaded copy. */
export const recordingItem = (told: ToldRecording, part: Part, dispose: () => Promise<void>): Captured => {
  const item = added(`recording:${told.sid}`, told.of, told.at, { ...about(told), state: 'completed' });
  return { ...item, details: { ...(item.details as object), hasFile: true }, parts: [part], dispose };
};

/** A file of a message as an item. `dispose` deletes the downloaded copy. */
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

/** The transcript of a recording as an item. */
export const transcriptItem = ({ text, ...told }: ToldTranscript & { text: string }, raw?: Raw): Captured =>
  transcribed(told, { transcript: text }, raw);

/** The state of a transcription without text as an item: it failed, say. */
export const transcriptionTold = ({ state, ...told }: ToldTranscript & { state: string }, raw?: Raw): Captured =>
  transcribed(told, { key: `:${state}`, transcription: state }, raw);
