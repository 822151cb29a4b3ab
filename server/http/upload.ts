import { mkdir, open, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Transform, type Writable } from 'node:stream';
import type { Request, RequestHandler, Response } from 'express';
import multer from 'multer';
import { newId } from '../store/ids.ts';
import type { HttpDeps } from './deps.ts';
import { HttpProblem, parameterFault, whenThereIsRoom } from './problem.ts';

/** Of a body that comes: the disk is looked at anew whenever so much more of it lies there. */
const LOOK_BYTES = 64 * 1024 * 1024;

const LIMITS = { fields: 20, fieldSize: 10_000, files: 10_000, parts: 10_020, headerPairs: 50 };

export interface Upload {
  /** ours, with nothing else in it */
  folder: string;
  fields: Record<string, unknown>;
  /** in the order they came, under whatever field name */
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

/** A multipart form's fault as a problem. */
const uploadProblem = (error: unknown): unknown => {
  if (error instanceof multer.MulterError) {
    const status = error.code.startsWith('LIMIT_') ? 413 : 400;
    const errors = error.field ? [parameterFault(error.field, error.message)] : undefined;
    return new HttpProblem(status, { detail: error.message, errors });
  }
  // busboy's, for what is no multipart
  const malformed = /^(Unexpected end of form|Malformed|Multipart: Boundary not found|Request (closed|aborted))/;
  if (error instanceof Error && malformed.test(error.message)) {
    return incomplete();
  }
  return error;
};

/** Resolves once `form` has read the request. Throws problems (400, 413), also for one that was cut before: multer would wait for it for ever. */
export const readForm = (form: RequestHandler, req: Request, res: Response): Promise<void> =>
  new Promise((resolve, reject) => {
    if (req.destroyed) return reject(incomplete());
    form(req, res, (error: unknown) => (error ? reject(uploadProblem(error)) : resolve()));
  });

export type Room = Pick<HttpDeps, 'hasRoom' | 'lookAtDisk'>;

/** Hands a body on while the disk has room for it: others write too, and not every body says how long it is. */
const whileThereIsRoom = (room: Room) => (req: Request, form: Writable) => {
  let sinceLook = 0;
  const look = async (): Promise<void> => {
    sinceLook = 0;
    await room.lookAtDisk().catch(() => undefined); // it is known as it was
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
 * The files of a multipart form, in a new folder below `dataDir`/uploads: durable when this resolves. Fields and files may come in
 * any order. Throws problems (400, 413, 415; 503 and 507 where the disk has no room for it), and leaves nothing behind then.
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
