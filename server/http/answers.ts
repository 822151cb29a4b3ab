import type { z } from 'zod';
import type { Described } from './call.ts';
import { problem } from './dto/common.ts';

type Answers = Record<number, Described>;

/** Problem documents (RFC 9457) that a call may answer, by status. */
export const problems = (descriptions: Record<number, string>): Answers =>
  Object.fromEntries(
    Object.entries(descriptions).map(([status, description]) => [
      status,
      { description, schema: problem, type: 'application/problem+json' },
    ]),
  );

/** Problems that every call with credentials may answer. */
export const always = problems({
  400: 'The address can not be read',
  401: 'No credentials, or bad ones',
  403: "Not among this role's calls",
  431: 'The address and the headers are too long',
  503: 'The database or the access log can not be reached; try again',
});

/** Of calls about one record. */
export const ifMissing = problems({ 404: 'There is no such record, or you may not see it' });
/** Of calls with query parameters. */
export const ifQuery = problems({ 400: 'A parameter can not be used; `errors` names it' });
/** Of calls with a JSON body. */
export const ifBody = problems({
  400: 'The body is not JSON, or not UTF-8',
  408: 'The body stopped coming',
  413: 'The body is too large',
  415: 'The body has another type than JSON',
  422: 'Fields of the body can not be used; `errors` names them',
});
/** Of calls that write something that must be unique. */
export const ifTaken = problems({ 409: 'Something that must be unique is taken; names by whom' });
/** Of sign-in. */
export const ifManyTries = problems({ 429: 'Too many failed sign-ins; wait' });

/** An answer with a JSON body. */
export const json = (description: string, schema: z.ZodType): Described => ({ description, schema });
/** An answer without a body. */
export const empty = (description: string): Described => ({ description, type: 'none' });
/** The answers of calls that send a file. */
export const bytes: Answers = {
  200: { description: 'The bytes, as an attachment of their own type', type: '*/*' },
  206: { description: 'The range that was asked for', type: '*/*' },
  304: empty('These are the bytes that were named (If-None-Match)'),
  ...problems({ 416: 'There is no such range' }),
};
/** Of calls that take a multipart form. */
export const ifUpload = problems({
  400: 'The body is no complete multipart form',
  408: 'The body stopped coming',
  413: 'Too many files or fields',
  415: 'The body has another type than multipart/form-data',
  422: 'Fields of the form can not be used; `errors` names them',
  507: 'The disk has no room for so many bytes',
});
