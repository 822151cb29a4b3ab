import type { Request, RequestHandler, Response } from 'express';
import type { z } from 'zod';
import type { Action } from '../access/may.ts';
import type { Principal } from '../access/principal.ts';

type Shape = z.ZodType | undefined;
type Of<Schema extends Shape> = Schema extends z.ZodType ? z.output<Schema> : undefined;

/** What a handler gets: query and body are validated. */
export interface Context<Query extends Shape = undefined, Body extends Shape = undefined> {
  /** the principal that makes the call; reading it in a public call throws */
  who: Principal;
  params: Record<string, string>;
  query: Of<Query>;
  body: Of<Body>;
  req: Request;
  res: Response;
}

/** A handler's answer, with a JSON body or none. */
export interface Answer {
  status: number;
  body?: unknown;
}

/** One answer as the OpenAPI document describes it. */
export interface Described {
  description: string;
  schema?: z.ZodType;
  /** media type; JSON by default */
  type?: string;
}

/** One call of the API: its address, who may make it, what it takes and answers. Routes and OpenAPI document are both generated from these. */
export interface Call<Query extends Shape = Shape, Body extends Shape = Shape> {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** under /api/v1, parameters in braces */
  path: string;
  tag: string;
  summary: string;
  /** 'public': no credentials are needed */
  action: Action | 'public';
  query?: Query;
  /** a JSON body */
  body?: Body;
  /** the JSON body may be left out */
  bodyOptional?: boolean;
  /** a multipart body, read by the handler: its fields as JSON Schema */
  multipart?: Record<string, unknown>;
  /** a body of any type, read by the handler */
  anyBody?: string;
  /** middleware between reading and validating the body */
  before?: readonly RequestHandler[];
  answers: Record<number, Described>;
  /** answers undefined when the handler has written the response itself */
  handle(context: Context<Query, Body>): Promise<Answer | undefined>;
}

/** Defines a call: checks the handler against the types of its query and body, which the list of calls no longer has. */
export const call = <Query extends Shape = undefined, Body extends Shape = undefined>(
  definition: Call<Query, Body>,
): Call => definition as unknown as Call;

/** 200 with a body. */
export const ok = (body: unknown): Answer => ({ status: 200, body });
/** 201 with a body. */
export const created = (body: unknown): Answer => ({ status: 201, body });
/** 202 with a body. */
export const accepted = (body: unknown): Answer => ({ status: 202, body });
/** 204. */
export const noContent: Answer = { status: 204 };
