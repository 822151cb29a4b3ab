import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Account, type Captured, ConnectorError, type Failed, type Part } from '../../contract.ts';
import type { TwilioConfig } from '../config.ts';
import { mediaItem, type RecordedOf, recordingItem } from '../items/recording.ts';
import type { Rest } from './client.ts';
import { type Downloaded, download, NoDownload } from './download.ts';
import { restError } from './errors.ts';
import type { WholeOf } from './owners.ts';

interface Task {
  sid: string;
  /** Unix milliseconds */
  createdAt: number;
  attempts?: number;
  notBefore?: number;
}

/** A file to be fetched: the recording of a call, a leg or a conference, or a file of a message (`owner`: its SID). */
export type FileTask =
  | (Task & {
      kind: 'recording';
      owner: RecordedOf;
      durationSeconds?: number | undefined;
      channels?: number | undefined;
    })
  | (Task & { kind: 'media'; owner: string; channel: string; type?: string | undefined });

const TYPE = /^[\w.+-]+\/[\w.+-]+$/;
const EXTENSIONS: Record<string, string> = {
  'audio/wav': 'wav',
  'audio/mpeg': 'mp3',
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/gif': 'gif',
  'video/mp4': 'mp4',
  'application/pdf': 'pdf',
  'text/vcard': 'vcf',
};

const partOf = (name: string, type: string, { path, size }: Downloaded): Part => {
  const extension = EXTENSIONS[type];
  return { name: extension ? `${name}.${extension}` : name, type, size, open: () => createReadStream(path) };
};

/** Tries these names in turn while the answer is 404; throws the error of the last one. */
const firstThere = async <T>(names: readonly string[], from: (name: string) => Promise<T>): Promise<T> => {
  const [name = '', ...others] = names;
  return from(name).catch(error => {
    if (others.length === 0 || !(error instanceof NoDownload) || error.status !== 404) throw error;
    return firstThere(others, from);
  });
};

/** A function that downloads a file and answers it as an item. It throws when the file can't be had completely now. */
export const makeFetchFile = (
  { config, spool }: Pick<Account<TwilioConfig>, 'config' | 'spool'>,
  rest: Rest,
  wholeOf: WholeOf,
  signal: AbortSignal,
) => {
  const fetchRecording = async (task: FileTask & { kind: 'recording' }): Promise<Captured> => {
    const path = join(spool, `${task.sid}.part`);
    const of = await wholeOf(task.owner);
    const query = (task.channels ?? 1) > 1 ? `?RequestedChannels=${task.channels}` : '';
    const from = (name: string) => download(rest, rest.urlOf(`Recordings/${name}${query}`), path, signal);
    const file = await firstThere([`${task.sid}.wav`, task.sid, `${task.sid}.mp3`], from);
    if (/^(text\/|application\/(json|xml))/.test(file.type)) {
      await rm(path, { force: true });
      throw new NoDownload(415);
    }
    const type = /wav|octet-stream/.test(file.type) ? 'audio/wav' : file.type;
    const told = { ...task, of, at: new Date(task.createdAt), notice: config.recordingNotice ?? null };
    return recordingItem(told, partOf(task.sid, type, file), () => rm(path, { force: true }));
  };

  const fetchMedia = async (task: FileTask & { kind: 'media' }): Promise<Captured> => {
    const path = join(spool, `${task.sid}.part`);
    const file = await download(rest, rest.urlOf(`Messages/${task.owner}/Media/${task.sid}`), path, signal);
    const given = task.type && TYPE.test(task.type) ? task.type.toLowerCase() : file.type;
    const type = TYPE.test(given) ? given : 'application/octet-stream';
    const told = { sid: task.sid, message: task.owner, channel: task.channel, at: new Date(task.createdAt) };
    return mediaItem(told, partOf(task.sid, type, file), () => rm(path, { force: true }));
  };

  return (task: FileTask): Promise<Captured> => (task.kind === 'recording' ? fetchRecording(task) : fetchMedia(task));
};

export type FetchFile = ReturnType<typeof makeFetchFile>;

const inWords = (error: unknown): string => {
  if (error instanceof NoDownload && error.status >= 300 && error.status < 400) return 'it was redirected';
  if (error instanceof NoDownload) return error.message;
  if ((error as Error).name === 'ShortDownload') return (error as Error).message;
  return restError(error).message;
};

/** The quarantine entry for a file that failed three times. */
export const failedFile = ({ kind, sid }: FileTask, error: unknown): Failed => ({
  locator: `${kind}:${sid}`,
  reason: `The ${kind === 'recording' ? 'recording' : 'file'} could not be fetched whole from Twilio (${inWords(error)}). It is tried again as long as Twilio lists it.`,
});

/** Whether an error concerns the whole account, so that other files would fail as well. */
export const isForAll = (error: unknown): boolean =>
  error instanceof ConnectorError || (error instanceof NoDownload && error.status === 401);
