import { Readable } from 'node:stream';
import type { Request, Response } from 'express';
import multer from 'multer';
import type { LiveFiles } from '../live/files.ts';
import type { BlobStore } from '../store/blobs.ts';
import { digestBytes } from '../store/digest.ts';
import { badField, HttpProblem, unavailable } from './problem.ts';
import { readForm } from './upload.ts';

/** Files of chats are received in memory: largest size in bytes, and most at once. Agents have a number of their own, since anybody may be a visitor. */
const LARGEST = 10 * 1024 * 1024;
const MOST_AT_ONCE = { visitor: 16, agent: 8 };

/** Media types that may be sent in chats; nothing that a browser or desktop would run. Windows calls a zip x-zip-compressed (MDN, Common media types). */
const TYPES =
  /^(image\/(png|jpeg|gif|webp|avif|heic|heif|bmp|tiff)|audio\/[\w.+-]+|video\/[\w.+-]+|text\/(plain|csv|calendar)|application\/(pdf|rtf|zip|x-zip-compressed|msword|vnd\.ms-(excel|powerpoint)|vnd\.(openxmlformats-officedocument|oasis\.opendocument)\.[\w.-]+))$/;

const form = multer({
  storage: multer.memoryStorage(),
  limits: { fileSize: LARGEST, files: 1, fields: 10, fieldSize: 1000, parts: 11, headerPairs: 50 },
  defParamCharset: 'utf8',
  fileFilter: (_req, { mimetype }, done) => {
    if (TYPES.test(mimetype)) done(null, true);
    else done(new HttpProblem(415, { detail: `Files of the type ${mimetype.slice(0, 100)} are not taken.` }));
  },
}).any();

/** A file that was uploaded for a chat. */
export interface LiveUpload {
  fields: Record<string, unknown>;
  name: string;
  type: string;
  bytes: Buffer;
}

const underWay = { visitor: 0, agent: 0 };

/** Reads a multipart form with one file and fields, in any order. Throws problems (400, 413, 415, 422, 503). */
export const readLiveUpload = async (
  req: Request,
  res: Response,
  sender: keyof typeof underWay,
): Promise<LiveUpload> => {
  if (!req.is('multipart/form-data')) throw new HttpProblem(415, { detail: 'This call takes multipart/form-data.' });
  if (underWay[sender] >= MOST_AT_ONCE[sender]) throw unavailable('Too many files come at once.');
  underWay[sender] += 1;
  try {
    await readForm(form, req, res);
  } finally {
    underWay[sender] -= 1;
  }
  const [file] = (req.files ?? []) as Express.Multer.File[];
  if (!file) throw badField('/file', 'a file is expected');
  const { originalname, mimetype, buffer } = file;
  return { fields: { ...(req.body as object) }, name: originalname.slice(0, 200), type: mimetype, bytes: buffer };
};

/** Stores a file for a conversation. Resolves, once it is durable, to the token by which a message names it. `hold` may refuse the file. */
export const storeLiveFile = async (
  { blobs, files }: { blobs: BlobStore; files: LiveFiles },
  conversation: string,
  { name, type, bytes }: LiveUpload,
  hold = (_file: { sha256: string; size: number }, write: () => Promise<void>): Promise<void> => write(),
): Promise<string> => {
  const { sha256, length } = digestBytes(bytes);
  const blob = { owner: conversation, sha256, length, bytes, open: () => Readable.from([bytes]) };
  await hold({ sha256, size: length }, () => blobs.write([blob]));
  return files.seal(conversation, { sha256, size: length, type, name });
};
