import type { Document } from './openapi.ts';

interface Schema {
  $ref?: string;
  type?: string | string[];
  format?: string;
  description?: string;
  enum?: unknown[];
  const?: unknown;
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: Schema | boolean;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
}
interface Operation {
  summary?: string;
  tags?: string[];
  parameters?: { name: string; in: string; required?: boolean; description?: string; schema?: Schema }[];
  requestBody?: { content: Record<string, { schema?: Schema }> };
  responses: Record<string, { description: string; content?: Record<string, { schema?: Schema }> }>;
}

const escaped = (text: unknown): string => String(text).replace(/[&<>"']/g, char => `&#${char.charCodeAt(0)};`);

const nameOf = (ref: string): string => ref.split('/').at(-1) ?? ref;

/** A schema in one line: types and names, objects with their fields one level deep. */
const inLine = (schema: Schema | undefined): string => {
  if (!schema) return 'anything';
  if (schema.$ref) return `<a href="#${escaped(nameOf(schema.$ref))}">${escaped(nameOf(schema.$ref))}</a>`;
  const options = schema.anyOf ?? schema.oneOf ?? schema.allOf;
  if (options) return options.map(inLine).join(schema.allOf ? ' and ' : ' or ');
  if (schema.enum) return schema.enum.map(value => `<code>${escaped(JSON.stringify(value))}</code>`).join(' or ');
  if (schema.const !== undefined) return `<code>${escaped(JSON.stringify(schema.const))}</code>`;
  if (schema.items) return `list of ${inLine(schema.items)}`;
  if (schema.properties) {
    return `{ ${Object.entries(schema.properties)
      .map(([name, field]) => `${escaped(name)}: ${inLine(field)}`)
      .join(', ')} }`;
  }
  return escaped([schema.type ?? 'anything', schema.format].flat().filter(Boolean).join(' '));
};

const row = (name: string, schema: Schema | undefined, required: boolean, description = ''): string =>
  `<tr><th scope="row"><code>${escaped(name)}</code>${required ? ' *' : ''}</th><td>${inLine(schema)}</td><td>${escaped(description)}</td></tr>`;

const table = (rows: string[]): string => (rows.length > 0 ? `<table>${rows.join('')}</table>` : '');

const operation = (method: string, path: string, { summary, parameters = [], requestBody, responses }: Operation) => {
  const query = parameters.map(one => row(one.name, one.schema, one.required ?? false, one.description));
  const body = Object.entries(requestBody?.content ?? {}).map(
    ([type, { schema }]) => `<p>Body, <code>${escaped(type)}</code>: ${inLine(schema)}</p>`,
  );
  const answers = Object.entries(responses).map(([status, answer]) =>
    row(status, Object.values(answer.content ?? {})[0]?.schema, false, answer.description),
  );
  return `<details><summary><b class="${escaped(method)}">${escaped(method.toUpperCase())}</b> <code>${escaped(path)}</code> ${escaped(summary)}</summary>${table(query)}${body.join('')}${table(answers)}</details>`;
};

const component = (name: string, schema: Schema): string => {
  const fields = Object.entries(schema.properties ?? {}).map(([field, its]) =>
    row(field, its, schema.required?.includes(field) ?? false, its.description),
  );
  const about = schema.description ? `<p>${escaped(schema.description)}</p>` : '';
  return `<section id="${escaped(name)}"><h3>${escaped(name)}</h3>${about}${fields.length > 0 ? table(fields) : `<p>${inLine(schema)}</p>`}</section>`;
};

/** The OpenAPI document as an HTML page without scripts. */
export const docsPage = (document: Document, stylesheet: string): string => {
  const operations = Object.entries(document.paths ?? {}).flatMap(([path, methods]) =>
    Object.entries(methods as Record<string, Operation>).map(([method, its]) => ({ path, method, its })),
  );
  const tags = [...new Set(operations.map(({ its }) => its.tags?.[0] ?? 'Other'))];
  const groups = tags.map(tag => {
    const calls = operations.filter(({ its }) => (its.tags?.[0] ?? 'Other') === tag);
    return `<h2>${escaped(tag)}</h2>${calls.map(({ method, path, its }) => operation(method, path, its)).join('')}`;
  });
  const schemas = Object.entries((document.components?.schemas ?? {}) as Record<string, Schema>);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Talteen API</title><link rel="stylesheet" href="${escaped(stylesheet)}"></head>
<body><main><h1>Talteen API</h1><p>${escaped(document.info.description)} Send <code>Authorization: Bearer TOKEN</code>. All paths are below <code>/api/v1</code>; the whole as OpenAPI 3.1: <a href="openapi.json">openapi.json</a>.</p>
${groups.join('')}<h2>Shapes</h2>${schemas.map(([name, schema]) => component(name, schema)).join('')}</main></body></html>`;
};

/** The style sheet of that page. */
export const docsStyle = `:root { color-scheme: light dark; font: 14px/20px system-ui, sans-serif; }
main { max-width: 960px; margin: 24px auto; padding: 0 16px; }
h2 { margin: 32px 0 8px; } h3 { margin: 24px 0 4px; }
details { border: 1px solid #8886; border-radius: 6px; margin: 4px 0; padding: 4px 8px; }
summary { cursor: pointer; min-height: 24px; } summary b { display: inline-block; min-width: 56px; }
table { border-collapse: collapse; width: 100%; margin: 8px 0; }
th, td { text-align: left; vertical-align: top; padding: 4px 8px; border-top: 1px solid #8884; font-weight: 400; overflow-wrap: anywhere; }
`;
