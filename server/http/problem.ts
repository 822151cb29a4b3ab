import { STATUS_CODES } from 'node:http';
import type { FieldError } from '../errors.ts';
import { NO_ROOM } from '../jobs/disk.ts';
import { pointerTo } from '../json-pointer.ts';
import type { Problem } from './dto/common.ts';

/** A fault in a field; for a query or a form with the parameter's name. */
export type Fault = FieldError & { parameter?: string };

/** What a problem document says besides its status. */
export interface ProblemOptions {
  detail?: string | undefined;
  errors?: readonly Fault[] | undefined;
  headers?: Readonly<Record<string, string>>;
  /** extension members of the problem document */
  also?: Readonly<Record<string, unknown>>;
}

/** An answer that is a problem document (RFC 9457). Thrown by handlers, written by the error handler. */
export class HttpProblem extends Error {
  readonly status: number;
  readonly options: ProblemOptions;
  constructor(status: number, options: ProblemOptions = {}) {
    super(options.detail ?? STATUS_CODES[status] ?? 'Problem');
    this.name = 'HttpProblem';
    this.status = status;
    this.options = options;
  }

  get document(): Problem & Record<string, unknown> {
    const { detail, errors, also } = this.options;
    return {
      type: 'about:blank',
      title: STATUS_CODES[this.status] ?? 'Problem',
      status: this.status,
      ...(detail === undefined ? {} : { detail }),
      ...(errors === undefined ? {} : { errors: [...errors] }),
      ...also,
    };
  }
}

/** 404; the same whether the record is missing or may not be seen. */
export const notFound = (detail = 'There is no such record, or you may not see it.'): HttpProblem =>
  new HttpProblem(404, { detail });

/** A fault of a query parameter or a form field. */
export const parameterFault = (parameter: string, detail: string): Fault => ({
  pointer: pointerTo([parameter]),
  parameter,
  detail,
});

/** 400 for a query parameter. */
export const badParameter = (parameter: string, detail: string): HttpProblem =>
  new HttpProblem(400, {
    detail: `The parameter ${parameter} can not be used.`,
    errors: [parameterFault(parameter, detail)],
  });

/** 422 for a field of a body, by JSON pointer. */
export const badField = (pointer: string, detail: string): HttpProblem =>
  new HttpProblem(422, { detail: 'The body has fields that can not be used.', errors: [{ pointer, detail }] });

/** 503 with Retry-After. */
export const unavailable = (detail: string): HttpProblem =>
  new HttpProblem(503, { detail, headers: { 'Retry-After': '5' } });

/** Throws 503 while too little disk is free (before a body is read), and 507 for a body of `bytes` that would fill it. */
export const whenThereIsRoom = ({ hasRoom }: { hasRoom(bytes?: number): boolean }, bytes = 0): void => {
  if (!hasRoom()) throw unavailable(NO_ROOM);
  if (hasRoom(bytes)) return;
  const size = `${Math.ceil(bytes / 1e6)} MB`;
  throw new HttpProblem(507, { detail: `There is too little free disk for ${size}: make room, or send less at once.` });
};
