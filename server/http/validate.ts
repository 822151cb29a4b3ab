import type { z } from 'zod';
import type { FieldError } from '../errors.ts';
import { pointerTo } from '../json-pointer.ts';
import { HALF } from '../rules/identity.ts';
import { HttpProblem, parameterFault } from './problem.ts';

type Issue = z.core.$ZodIssue;

/** An issue's faults: unknown keys are named one by one. */
const spread = (issue: Issue): { path: PropertyKey[]; message: string }[] =>
  issue.code === 'unrecognized_keys'
    ? issue.keys.map(key => ({ path: [...issue.path, key], message: 'there is no such field' }))
    : [{ path: [...issue.path], message: issue.message }];

/** Faults of a body, with JSON pointers below `base`. */
export const bodyErrors = (error: z.ZodError, base: readonly PropertyKey[] = []): FieldError[] =>
  error.issues
    .flatMap(spread)
    .map(({ path, message }) => ({ pointer: pointerTo([...base, ...path]), detail: message }));

/** Faults for unpaired surrogates: the stored text would differ from the answered one. */
const halvesIn = (value: unknown, path: readonly PropertyKey[] = []): FieldError[] => {
  if (typeof value === 'string')
    return HALF.test(value) ? [{ pointer: pointerTo(path), detail: 'has half of a surrogate pair' }] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => halvesIn(inner, [...path, key]));
};

/** The validated body. Throws 422 naming every faulty field. */
export const validBody = <Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> => {
  const result = schema.safeParse(body);
  const errors = result.success ? halvesIn(result.data) : bodyErrors(result.error);
  if (result.success && errors.length === 0) return result.data;
  throw new HttpProblem(422, { detail: 'The body has fields that can not be used.', errors });
};

/** The validated query. Throws 400 naming every faulty parameter. */
export const validQuery = <Schema extends z.ZodType>(schema: Schema, query: unknown): z.output<Schema> => {
  const result = schema.safeParse(query);
  if (result.success) return result.data;
  const errors = result.error.issues
    .flatMap(spread)
    .map(({ path, message }) => parameterFault(String(path[0] ?? ''), message));
  throw new HttpProblem(400, { detail: `The parameter ${errors[0]?.parameter} can not be used.`, errors });
};
