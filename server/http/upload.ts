import { mkdir, open, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Transform, type Writable } from 'node:stream';
import type { Request, RequestHandler, Response } from 'express';
import multer from 'multer';
import { newId } from '../store/ids.ts';
import type { HttpDeps } from './deps.ts';
import { HttpProblem, parameterFault, whenThereIsRoom } from './problem.ts';

/** The free disk is checked again after so many bytes of a body. */
const LOOK_BYTES = 64 * 1024 * 1024;

const LIMITS = { fields: 20, fieldSize: 10_000, files: 10_000, parts: 10_020, headerPairs: 50 };

/** A received upload. */
export interface Upload {
  /** a folder of its own */
  folder: string;
  fields: Record<string, unknown>;
  /** in the order they came, whatever their field names */
  files: { name: string; path: string; size: number }[];
  discard(): Promise<void>;
}

const sync = async (path: string): Promise<void> => {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
};

const incomplete = (): HttpProblem => new HttpProblem(400, { detail: 'The body is no complete multipart form.' });

/** The problem for a fault in a multipart form; other errors as they are. */
const uploadProblem = (error: unknown): unknown => {
  if (error instanceof multer.MulterError) {
    const status = error.code.startsWith('LIMIT_') ? 413 : 400;
    const errors = error.field ? [parameterFault(error.field, error.message)] : undefined;
    return new HttpProblem(status, { detail: error.message, errors });
  }
  // busboy's errors for invalid forms
  const malformed = /^(Unexpected end of form|Malformed|Multipart: Boundary not found|Request (closed|aborted))/;
  if (error instanceof Error && malformed.test(error.message)) {
    return incomplete();
  }
  return error;
};

/** Reads a request with multer's `form`. Throws problems (400, 413), also when the request was aborted before: multer would wait for ever. */
export const readForm = (form: RequestHandler, req: Request, res: Response): Promise<void> =>
  new Promise((resolve, reject) => {
    if (req.destroyed) return reject(incomplete());
    form(req, res, (error: unknown) => (error ? reject(uploadProblem(error)) : resolve()));
  });

/** The free disk. */
export type Room = Pick<HttpDeps, 'hasRoom' | 'lookAtDisk'>;

/** Passes a body on while there is enough disk: others write too, and not every request gives its length. */
const whileThereIsRoom = (room: Room) => (req: Request, form: Writable) => {
  let sinceLook = 0;
  const look = async (): Promise<void> => {
    sinceLook = 0;
    await room.lookAtDisk().catch(() => undefined); // then the last known state counts
    whenThereIsRoom(room);
  };
  const watched = new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      sinceLook += chunk.length;
      if (sinceLook < LOOK_BYTES) return done(null, chunk);
      look().then(() => done(null, chunk), done);
    },
  });
  watched.on('error', error => form.destroy(error));
  req.pipe(watched).pipe(form);
};

const receive = (req: Request, res: Response, folder: string, room: Room): Promise<void> => {
  let count = 0;
  const storage = multer.diskStorage({
    destination: folder,
    filename: (_req, _file, done) => done(null, String(count++)),
  });
  const options = { storage, limits: LIMITS, defParamCharset: 'utf8', streamHandler: whileThereIsRoom(room) };
  const form = multer(options);
  return readForm(form.any(), req, res);
};

/**
 * Receives the files of a multipart form into a new folder below `dataDir`/uploads; they are durable when this resolves. Fields and files may come in any
 * order. Throws problems (400, 413, 415; 503 and 507 for want of disk), and leaves nothing behind then.
 */
export const receiveUpload = async (
  req: Request,
  res: Response,
  { dataDir, ...room }: Room & Pick<HttpDeps, 'dataDir'>,
): Promise<Upload> => {
  whenThereIsRoom(room, Number(req.headers['content-length'] ?? 0));
  if (!req.is('multipart/form-data')) throw new HttpProblem(415, { detail: 'This call takes multipart/form-data.' });
  const folder = join(dataDir, 'uploads', newId());
  const discard = () => rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  try {
    await receive(req, res, folder, room);
    const files = ((req.files ?? []) as Express.Multer.File[]).map(({ originalname, path, size }) => ({
      name: originalname.slice(0, 500),
      path,
      size,
    }));
    for (const { path } of files) await sync(path);
    await sync(folder);
    await sync(dirname(folder));
    return { folder, fields: { ...(req.body as object) }, files, discard };
  } catch (error) {
    await discard();
    throw error;
  }
};
