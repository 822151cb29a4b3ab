import type { ErrorRequestHandler } from 'express';
import { AccessConflict } from '../access/errors.ts';
import { AccessLogUnavailable } from '../access/log.ts';
import { FieldErrors } from '../errors.ts';
import { NO_ROOM } from '../jobs/disk.ts';
import type { Log } from '../logging.ts';
import { BadCursor } from '../read/cursor.ts';
import { NotInRegister, RegisterConflict } from '../register/errors.ts';
import { isMongoAway } from '../store/away.ts';
import { GroupFull } from '../store/grouped.ts';
import { OutcomeUnknown } from '../store/in-time.ts';
import { isConflict } from '../store/transaction.ts';
import { badParameter, HttpProblem, notFound, unavailable } from './problem.ts';

/** Error codes of a full disk; `MACHINE`: of other faults of the machine. */
const DISK_FULL = new Set<string | undefined>(['ENOSPC', 'EDQUOT']);
const MACHINE = new Set<string | undefined>(['EMFILE', 'ENFILE', 'EROFS', 'EIO']);

/** `type` of the error for a JSON body that isn't in the encoding it declares. */
export const NOT_UTF8 = 'entity.not.utf8';

interface ParserError extends Error {
  type?: string;
  status?: number;
  limit?: number;
}

/** Problems for errors of body parsers and the router (http-errors), whose status is meant for the client; null for others. */
const fromParser = (error: ParserError): HttpProblem | null => {
  if (error.type === 'entity.parse.failed') return new HttpProblem(400, { detail: 'The body is not JSON.' });
  if (error.type === NOT_UTF8) return new HttpProblem(400, { detail: 'The body is not UTF-8.' });
  if (error.type === 'entity.too.large') {
    return new HttpProblem(413, { detail: `The body may have ${error.limit ?? 'fewer'} bytes.` });
  }
  if (error.type === 'encoding.unsupported' || error.type === 'charset.unsupported') return new HttpProblem(415);
  if (error.type === 'request.aborted' || error.type === 'request.size.invalid') return new HttpProblem(400);
  if (error.status === 400) return new HttpProblem(400, { detail: 'The request can not be read.' });
  return null;
};

/** Problems for errors of the register; null for others. */
const fromRegister = (error: Error): HttpProblem | null => {
  if (error instanceof NotInRegister) return notFound();
  if (error instanceof RegisterConflict) {
    const { pointer, of, owner, message: detail } = error;
    return new HttpProblem(409, { detail, errors: [{ pointer, detail }], also: { [of]: owner } });
  }
  if (!(error instanceof FieldErrors)) return null;
  return new HttpProblem(422, { detail: 'The body has fields that can not be used.', errors: error.errors });
};

/** The problem document for an error; null for an error of ours, of which only the log may say more. */
export const problemOf = (error: unknown): HttpProblem | null => {
  if (error instanceof HttpProblem) return error;
  if (error instanceof AccessLogUnavailable) return unavailable('The access log can not be written.');
  if (error instanceof BadCursor) return badParameter('before', 'expected the `next` of a page');
  if (error instanceof AccessConflict) {
    const { pointer, message: detail } = error;
    return new HttpProblem(409, { detail, errors: [{ pointer, detail }] });
  }
  if (error instanceof GroupFull) return unavailable('Too much waits to be written.');
  if (isMongoAway(error)) return unavailable('The database can not be reached.');
  if (isConflict(error)) return unavailable('Others are writing the same record.');
  if (error instanceof OutcomeUnknown) return unavailable('The database does not answer.');
  if (!(error instanceof Error)) return null;
  const { code } = error as NodeJS.ErrnoException;
  if (DISK_FULL.has(code)) return unavailable(NO_ROOM);
  if (MACHINE.has(code)) return unavailable('The hub can not read or write its files now.');
  return fromParser(error as ParserError) ?? fromRegister(error);
};

/** What may be logged of an error: name, code and where it was thrown. Not its message, which may quote personal data (a duplicate key, a refused value). */
const aboutError = (error: unknown): object => {
  if (!(error instanceof Error)) return { error: typeof error };
  const { name, stack, cause } = error;
  const { code } = error as { code?: unknown };
  const frames = (stack ?? '').split('\n').filter(line => /^\s+at /.test(line));
  return {
    error: name,
    ...(typeof code === 'number' || typeof code === 'string' ? { code } : {}),
    at: frames.slice(0, 8).map(line => line.trim()),
    ...(cause instanceof Error ? { cause: cause.name } : {}),
  };
};

/** The error handler: the only place where errors become answers. An unknown error is answered with 500 and nothing else. */
export const makeHandleErrors =
  (log: Log): ErrorRequestHandler =>
  (error, _req, res, _next) => {
    const problem = problemOf(error) ?? new HttpProblem(500);
    if (problem.status >= 500) log.error({ ...aboutError(error), status: problem.status }, 'request failed');
    if (res.headersSent) {
      // a truncated answer must not look complete
      if (!res.writableEnded) res.destroy();
      return;
    }
    res.status(problem.status).set({ 'Cache-Control': 'no-store', ...problem.options.headers });
    res.type('application/problem+json').send(JSON.stringify(problem.document));
  };
