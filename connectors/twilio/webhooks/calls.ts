import { cutName, cutText } from '../../common/cut.ts';
import type { Captured, Raw } from '../../contract.ts';
import { callItem } from '../items/call.ts';
import { type RecordedOf, recordingTold, transcriptItem, transcriptionTold } from '../items/recording.ts';
import { directionOf } from '../words/directions.ts';
import { type Fields, WrongShape } from './fields.ts';

/** In characters. Twilio transcribes at most two minutes. */
const LONGEST_TRANSCRIPT = 100_000;

/** The leg that a `<Dial>` made, when this is the webhook of its `action`, which reports the result. */
const dialledLeg = ({ sid, optional, number }: Fields, parent: string, now: Date): Captured[] => {
  const [leg, state] = [sid('DialCallSid'), optional('DialCallStatus')];
  if (!leg || !state) return [];
  const told = { from: '', to: '', direction: 'outbound' as const, at: now, duration: number('DialCallDuration') };
  const ended = state === 'answered' ? 'completed' : state.toLowerCase();
  return [callItem({ ...told, sid: leg, parent, state: ended, secondHand: true })];
};

/** Reads a webhook about a call (incoming, or a change of its state). */
export const readCall = (fields: Fields, raw: Raw, now: Date): Captured[] => {
  const { sid, optional, number, time, neededSid, needed, text } = fields;
  const call = neededSid('CallSid');
  const timestamp = time('Timestamp');
  const told = {
    sid: call,
    parent: sid('ParentCallSid'),
    from: optional('From') ?? optional('Caller') ?? '',
    to: optional('To') ?? optional('Called') ?? '',
    direction: directionOf(optional('Direction')),
    state: needed('CallStatus').toLowerCase(),
    at: timestamp ?? now,
    isArrival: timestamp === undefined,
    name: cutName(text('CallerName') ?? ''),
    duration: number('CallDuration'),
    errorCode: optional('ErrorCode'),
  };
  return [callItem(told, raw), ...dialledLeg(fields, call, now)];
};

/** The call or conference that was recorded. The recording of a conference seldom names a call. */
const recordedOf = ({ sid, neededSid }: Fields): RecordedOf => {
  const [call, conference] = [sid('ParentCallSid') ?? sid('CallSid'), sid('ConferenceSid')];
  return !call && conference ? { conference } : { call: call ?? neededSid('CallSid') };
};

/** Reads a webhook about a recording. The file is fetched later, and not from the address in the webhook. */
export const readRecording = (fields: Fields, raw: Raw, now: Date, notice: boolean | null): Captured[] => {
  const { optional, number, time, neededSid } = fields;
  const channels = number('RecordingChannels');
  const told = {
    sid: neededSid('RecordingSid'),
    of: recordedOf(fields),
    at: time('RecordingStartTime') ?? now,
    state: (optional('RecordingStatus') ?? 'completed').toLowerCase(),
    durationSeconds: number('RecordingDuration'),
    channels: channels === 0 ? undefined : channels,
    notice,
  };
  return [recordingTold(told, raw)];
};

/** Reads a webhook about a transcription: its text, or its state when there is none. */
export const readTranscription = (fields: Fields, raw: Raw, now: Date): Captured[] => {
  const { optional, neededSid, text } = fields;
  const state = optional('TranscriptionStatus') ?? 'completed';
  const told = {
    sid: neededSid('TranscriptionSid'),
    of: recordedOf(fields),
    recording: neededSid('RecordingSid'),
    at: now,
  };
  if (!/^[a-z-]{1,40}$/.test(state)) throw new WrongShape('TranscriptionStatus', 'it is not known');
  if (state !== 'completed') return [transcriptionTold({ ...told, state }, raw)];
  return [transcriptItem({ ...told, text: cutText(text('TranscriptionText') ?? '', LONGEST_TRANSCRIPT) }, raw)];
};
