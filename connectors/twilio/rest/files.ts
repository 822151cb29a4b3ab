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
  /** ms since 1970 */
  createdAt: number;
  attempts?: number;
  notBefore?: number;
}

/** A file that is to be fetched: of a call (or a leg of one) or a conference, or of a message. */
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

/** The first of these that isn't missing; throws what became of the last one when all are. */
const firstThere = async <T>(names: readonly string[], from: (name: string) => Promise<T>): Promise<T> => {
  const [name = '', ...others] = names;
  return from(name).catch(error => {
    if (others.length === 0 || !(error instanceof NoDownload) || error.status !== 404) throw error;
    return firstThere(others, from);
  });
};

/** Fetches a file and makes an item of it. Throws when it can't be had whole now. */
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

/** A file that couldn't be had three times. */
export const failedFile = ({ kind, sid }: FileTask, error: unknown): Failed => ({
  locator: `${kind}:${sid}`,
  reason: `The ${kind === 'recording' ? 'recording' : 'file'} could not be fetched whole from Twilio (${inWords(error)}). It is tried again as long as Twilio lists it.`,
});

/** Whether there is no use in trying other files either. */
export const isForAll = (error: unknown): boolean =>
  error instanceof ConnectorError || (error instanceof NoDownload && error.status === 401);
