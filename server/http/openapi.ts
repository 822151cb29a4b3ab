import {
  OpenAPIRegistry,
  OpenApiGeneratorV31,
  type ResponseConfig,
  type RouteConfig,
} from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import type { Call, Described } from './call.ts';

type Content = NonNullable<ResponseConfig['content']>;

const answerContent = ({ schema, type }: Described): Content | undefined => {
  if (type === 'none' || (!schema && !type)) return undefined;
  const media = type ?? 'application/json';
  const binary = { type: 'string', format: 'binary' } as const;
  return { [media]: { schema: schema ?? binary } } as Content;
};

const bodyOf = ({ body, bodyOptional, multipart, anyBody }: Call) => {
  if (body) return { required: !bodyOptional, content: { 'application/json': { schema: body } } };
  if (multipart) {
    const schema = { type: 'object' as const, properties: multipart, required: ['file'] };
    return { required: true, content: { 'multipart/form-data': { schema } } };
  }
  return anyBody ? { required: true, content: { [anyBody]: { schema: {} } } } : undefined;
};

/** Parameters in a path are plain strings. */
const paramsOf = (path: string): z.ZodObject | undefined => {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as string);
  return names.length > 0 ? z.object(Object.fromEntries(names.map(name => [name, z.string()]))) : undefined;
};

const routeOf = (call: Call): RouteConfig => {
  const { method, path, tag, summary, action, query, answers } = call;
  const params = paramsOf(path);
  const body = bodyOf(call);
  const responses = Object.entries(answers).map(([status, answer]) => {
    const content = answerContent(answer);
    return [status, { description: answer.description, ...(content ? { content } : {}) }];
  });
  return {
    method,
    path,
    tags: [tag],
    summary,
    operationId: `${method} ${path}`.replace(/[^a-zA-Z]+(\w?)/g, (_, next: string) => next.toUpperCase()),
    security: action === 'public' ? [] : [{ token: [] }, { session: [] }],
    request: {
      ...(params ? { params } : {}),
      ...(query ? { query: query as z.ZodObject } : {}),
      ...(body ? { body: body as NonNullable<RouteConfig['request']>['body'] & object } : {}),
    },
    responses: Object.fromEntries(responses),
  };
};

/** An OpenAPI document. */
export type Document = ReturnType<OpenApiGeneratorV31['generateDocument']>;

/** The OpenAPI 3.1 document of the calls, from the schemas that validate them. */
export const openApiOf = (calls: readonly Call[]): Document => {
  const registry = new OpenAPIRegistry();
  registry.registerComponent('securitySchemes', 'token', { type: 'http', scheme: 'bearer' });
  registry.registerComponent('securitySchemes', 'session', { type: 'apiKey', in: 'cookie', name: 'talteen_session' });
  for (const call of calls) registry.registerPath(routeOf(call));
  return new OpenApiGeneratorV31(registry.definitions, { sortComponents: 'alphabetically' }).generateDocument({
    openapi: '3.1.0',
    info: {
      title: 'Talteen',
      version: '1',
      description:
        'Lists answer {items, next}; `limit` and `before` (the `next` of the page above) page on. Errors are problem documents (RFC 9457).',
    },
    servers: [{ url: '/api/v1' }],
  });
};
