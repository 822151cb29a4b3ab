import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Scene } from '../../samples/index.ts';
import type { Posting } from './posting.ts';
import type { Talk } from './talk.ts';
import type { TwilioBook } from './twilio-api.ts';
import { rfc2822, sidOf } from './twilio-words.ts';

export interface Stage {
  posting: Posting;
  twilio: TwilioBook;
  /** our number */
  ours: string;
  talk(talk: Talk): Promise<void>;
  /** ms between the steps of a scene */
  pause(): number;
  signal: AbortSignal;
}

const rest = ({ pause, signal }: Stage): Promise<void> => sleep(pause(), undefined, { signal });

/** A message that we send: it stands in Twilio's list, and callbacks say how far it got. */
const sendOut = async (stage: Stage, to: string, body: string, delivered: boolean): Promise<void> => {
  const { posting, twilio, ours: from } = stage;
  const sid = sidOf('SM');
  const now = rfc2822(new Date());
  const row = { sid, from, to, body, num_media: '0', direction: 'outbound-api', status: 'sent' };
  twilio.add('Messages', { ...row, date_sent: now, date_created: now, date_updated: now });
  const told = (status: string, more = {}) =>
    posting.twilio('message-status', { MessageSid: sid, From: from, To: to, MessageStatus: status, ...more });
  await told('sent');
  await rest(stage);
  await (delivered ? told('delivered') : told('undelivered', { ErrorCode: '30003' }));
};

const takeText = async (stage: Stage, { number, ask, answer }: Extract<Scene, { kind: 'sms' }>): Promise<void> => {
  const { posting, ours } = stage;
  await posting.twilio('messages', { MessageSid: sidOf('SM'), From: number, To: ours, Body: ask, NumMedia: '0' });
  await rest(stage);
  await sendOut(stage, number, answer, true);
};

/** A call as Twilio tells of it: it rings, is answered or isn't, and its recording comes afterwards. */
const takeCall = async (stage: Stage, scene: Extract<Scene, { kind: 'call' }>): Promise<void> => {
  const { posting, twilio, ours } = stage;
  const { number, answered, wav, seconds, text } = scene;
  const sid = sidOf('CA');
  const call = { CallSid: sid, From: number ?? 'Anonymous', To: ours, Direction: 'inbound' };
  await posting.twilio('calls', { ...call, CallStatus: 'ringing' });
  await rest(stage);
  if (!answered) return posting.twilio('call-status', { ...call, CallStatus: 'no-answer', CallDuration: '0' });
  await posting.twilio('call-status', { ...call, CallStatus: 'in-progress' });
  await rest(stage);
  await posting.twilio('call-status', { ...call, CallStatus: 'completed', CallDuration: String(seconds) });
  if (!wav) return;
  const recording = sidOf('RE');
  const now = rfc2822(new Date());
  twilio.hold(recording, wav);
  const row = { sid: recording, call_sid: sid, status: 'completed', duration: String(seconds), channels: 2 };
  twilio.add('Recordings', { ...row, date_created: now, start_time: now });
  const told = { RecordingSid: recording, CallSid: sid };
  const about = { RecordingStatus: 'completed', RecordingDuration: String(seconds), RecordingChannels: '2' };
  await posting.twilio('recordings', { ...told, ...about });
  await rest(stage);
  const transcript = { TranscriptionSid: sidOf('TR'), TranscriptionStatus: 'completed', TranscriptionText: text };
  await posting.twilio('transcriptions', { ...told, ...transcript });
};

const takeBooking = ({ posting }: Stage, { email, name, subject, data }: Extract<Scene, { kind: 'booking' }>) =>
  posting.items([
    {
      type: 'event',
      id: randomUUID(),
      event: 'booking',
      occurredAt: new Date().toISOString(),
      contact: { type: 'email', value: email, name },
      subject,
      data,
    },
  ]);

/** Plays one scene through the hub's own entrances. Throws what its sender would try again. */
export const playScene = (stage: Stage, scene: Scene): Promise<void> => {
  switch (scene.kind) {
    case 'sms':
      return takeText(stage, scene);
    case 'notice':
      return sendOut(stage, scene.number, scene.text, scene.delivered);
    case 'call':
      return takeCall(stage, scene);
    case 'chat':
      return stage.talk(scene);
    case 'booking':
      return takeBooking(stage, scene);
  }
};

/** Plays one scene after the other until `signal` aborts; one that fails (the hub was away) is left, and the next one comes. */
export const playOn = async (
  stage: Stage,
  scenes: Iterator<Scene, never>,
  { wait, log }: { wait(n: number): number; log: { warn(data: object, message: string): void } },
): Promise<void> => {
  const { signal } = stage;
  try {
    for (let n = 0; ; n++) {
      await sleep(wait(n), undefined, { signal });
      await playScene(stage, scenes.next().value).catch(error => {
        if (signal.aborted) throw error;
        log.warn({ error: (error as Error).name }, 'demo: a scene broke off');
      });
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
};
