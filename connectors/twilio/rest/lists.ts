import type { Twilio } from 'twilio';
import type { Captured } from '../../contract.ts';
import { callItem } from '../items/call.ts';
import { messageItem, statusItem } from '../items/message.ts';
import { type RecordedOf, transcriptItem } from '../items/recording.ts';
import { directionOf } from '../words/directions.ts';
import { unlessMissing } from './errors.ts';
import type { FileTask } from './files.ts';
import { type Owners, type Recording, recordedOf } from './owners.ts';
import type { Call, Roots } from './roots.ts';

const PAGE = 500;

interface Page<T> {
  instances: T[];
  nextPage(): Promise<Page<T>> | undefined;
}

async function* through<T>(first: Promise<unknown>): AsyncIterable<T[]> {
  let page = (await first) as Page<T> | undefined;
  while (page) {
    yield page.instances;
    page = await page.nextPage();
  }
}

/** An entry of one of the API's lists, with the items and files it brings. `version` changes when the entry says something else. */
export interface Listed {
  sid: string;
  version: string;
  items: Captured[];
  tasks: FileTask[];
}

type Message = Awaited<ReturnType<Twilio['messages']['list']>>[number];
type Transcription = Awaited<ReturnType<Twilio['transcriptions']['list']>>[number];

/** The first of these that is a valid time, else now. The client gives a date that it can't parse as a string. */
const firstTime = (...times: (Date | string | null | undefined)[]): Date =>
  times.flatMap(time => (time ? new Date(time) : [])).find(time => !Number.isNaN(time.getTime())) ?? new Date();

const wholeNumber = (value: unknown): number | undefined => {
  const number = Number(value ?? Number.NaN);
  return Number.isInteger(number) && number >= 0 ? number : undefined;
};

/** A message from the API, with its delivery state when it is outbound. */
export const listedMessage = (message: Message): Listed => {
  const { sid, status, errorCode, errorMessage } = message;
  const direction = directionOf(message.direction);
  const shared = { sid, from: message.from ?? '', to: message.to ?? '' };
  const files = wholeNumber(message.numMedia) ?? 0;
  const at = firstTime(message.dateSent, message.dateCreated, message.dateUpdated);
  const item = messageItem({ ...shared, direction, at, body: message.body ?? '', files });
  const state = { ...shared, state: status, at: firstTime(message.dateUpdated, at), errorCode, errorMessage };
  return {
    sid,
    version: `${status} ${errorCode ?? ''}`,
    items: direction === 'outbound' && status ? [item, statusItem(state)] : [item],
    tasks: [],
  };
};

/** `root`: SID of the whole call, when this is a leg. */
const listedCall = (call: Call, root?: string): Listed => {
  const { sid, status } = call;
  const at = firstTime(call.endTime, call.dateUpdated, call.startTime, call.dateCreated);
  const start = firstTime(call.startTime, call.dateCreated, at);
  const told = {
    sid,
    parent: root,
    from: call.from ?? '',
    to: call.to ?? '',
    direction: directionOf(call.direction),
    state: status,
    at,
    startedAt: start,
    endedAt: call.endTime ?? undefined,
    name: call.callerName || undefined,
    duration: wholeNumber(call.duration),
  };
  return { sid, version: status, items: [callItem(told)], tasks: [] };
};

const listedRecording = (recording: Recording): Listed => {
  const { sid, status } = recording;
  const owner = recordedOf(recording);
  const createdAt = firstTime(recording.startTime, recording.dateCreated).getTime();
  const ready = !status || status === 'completed' || (status as string) === 'processed';
  const durationSeconds = wholeNumber(recording.duration);
  const channels = wholeNumber(recording.channels) || undefined;
  if (!owner || !ready) return { sid, version: status, items: [], tasks: [] };
  const task: FileTask = { kind: 'recording', sid, owner, createdAt, durationSeconds, channels };
  return { sid, version: status, items: [], tasks: [task] };
};

const listedTranscription = (transcription: Transcription, of: RecordedOf): Listed => {
  const { sid, status, recordingSid, transcriptionText } = transcription;
  const at = firstTime(transcription.dateUpdated, transcription.dateCreated);
  const told = { sid, of, recording: recordingSid, text: transcriptionText ?? '', at };
  return { sid, version: status, items: status === 'completed' ? [transcriptItem(told)] : [], tasks: [] };
};

/** Puts calls before legs, since a leg waits for its call. */
const wholeFirst = (a: Call, b: Call): number => Number(!!a.parentCallSid) - Number(!!b.parentCallSid);

const listedCalls = async (calls: Call[], roots: Roots): Promise<Listed[]> => {
  const listed: Listed[] = [];
  for (const call of calls.sort(wholeFirst))
    listed.push(listedCall(call, call.parentCallSid ? (await roots.of(call.parentCallSid)).sid : undefined));
  return listed;
};

/** The API's lists since a given time, page by page and newest first. Where a list has no filter for dates, it is read until it gets older than that. */
export const makeLists = (client: Twilio, roots: Roots, owners: Owners) => ({
  async *messages(since: Date): AsyncIterable<Listed[]> {
    const first = client.messages.page({ dateSentAfter: since, pageSize: PAGE });
    for await (const page of through<Message>(first)) yield page.map(listedMessage);
  },
  async *calls(since: Date): AsyncIterable<Listed[]> {
    const first = client.calls.page({ startTimeAfter: since, pageSize: PAGE });
    for await (const page of through<Call>(first)) {
      for (const { sid, parentCallSid } of page) roots.note(sid, parentCallSid || null);
      yield await listedCalls(page, roots);
    }
  },
  /** calls that had to be fetched by SID, since something in a list belongs to them and they began before what was listed */
  askedCalls: (): Promise<Listed[]> => listedCalls(roots.take(), roots),
  async *recordings(since: Date): AsyncIterable<Listed[]> {
    const first = client.recordings.page({ dateCreatedAfter: since, pageSize: PAGE });
    for await (const page of through<Recording>(first)) {
      for (const recording of page) owners.note(recording.sid, recordedOf(recording));
      yield page.map(listedRecording);
    }
  },
  async *transcriptions(since: Date): AsyncIterable<Listed[]> {
    for await (const page of through<Transcription>(client.transcriptions.page({ pageSize: PAGE }))) {
      const recent = page.filter(({ dateCreated }) => firstTime(dateCreated) >= since);
      const listed: Listed[] = [];
      for (const one of recent) {
        const of = await owners.of(one.recordingSid);
        if (of) listed.push(listedTranscription(one, await owners.wholeOf(of)));
      }
      yield listed;
      if (recent.length < page.length) return;
    }
  },
  /** files of a message */
  async media(message: string, channel: string): Promise<FileTask[]> {
    const found = (await unlessMissing(client.messages(message).media.list())) ?? [];
    return found.map(({ sid, contentType: type, dateCreated }) => {
      const createdAt = firstTime(dateCreated).getTime();
      return { kind: 'media', sid, owner: message, channel, type, createdAt };
    });
  },
});
export type Lists = ReturnType<typeof makeLists>;
