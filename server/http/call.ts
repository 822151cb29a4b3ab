import type { Request, RequestHandler, Response } from 'express';
import type { z } from 'zod';
import type { Action } from '../access/may.ts';
import type { Principal } from '../access/principal.ts';

type Shape = z.ZodType | undefined;
type Of<Schema extends Shape> = Schema extends z.ZodType ? z.output<Schema> : undefined;

export interface Context<Query extends Shape = undefined, Body extends Shape = undefined> {
  /** who asks; for a public call nobody does, and reading this throws */
  who: Principal;
  params: Record<string, string>;
  query: Of<Query>;
  body: Of<Body>;
  req: Request;
  res: Response;
}

export interface Answer {
  status: number;
  body?: unknown;
}

/** What the OpenAPI document says of one answer. */
export interface Described {
  description: string;
  schema?: z.ZodType;
  /** media type, JSON unless it says otherwise */
  type?: string;
}

/** One call of the API: how it is reached, who may make it, what it takes and answers. Routes and the OpenAPI document are both made of these. */
export interface Call<Query extends Shape = Shape, Body extends Shape = Shape> {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** under /api/v1, parameters in braces */
  path: string;
  tag: string;
  summary: string;
  /** 'public': no credentials are asked for */
  action: Action | 'public';
  query?: Query;
  /** a JSON body */
  body?: Body;
  /** the JSON body may be missing */
  bodyOptional?: boolean;
  /** a multipart body, read by the handler: its fields as JSON Schema */
  multipart?: Record<string, unknown>;
  /** a body of any type, read by the handler */
  anyBody?: string;
  /** run once the body is read, before it is looked at */
  before?: readonly RequestHandler[];
  answers: Record<number, Described>;
  /** Undefined: the handler has written the answer itself. */
  handle(context: Context<Query, Body>): Promise<Answer | undefined>;
}

/** Ties the types of query and body to the handler's; the list of calls has forgotten them. */
export const call = <Query extends Shape = undefined, Body extends Shape = undefined>(
  definition: Call<Query, Body>,
): Call => definition as unknown as Call;

export const ok = (body: unknown): Answer => ({ status: 200, body });
export const created = (body: unknown): Answer => ({ status: 201, body });
export const accepted = (body: unknown): Answer => ({ status: 202, body });
export const noContent: Answer = { status: 204 };
