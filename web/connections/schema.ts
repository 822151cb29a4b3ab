import type { Connector } from '../api/types.ts';

/** One field of a form, made from the JSON Schema of a connector's config. `path` is dotted. */
export interface FieldSpec {
  path: string;
  label: string;
  help?: string | undefined;
  kind: 'text' | 'secret' | 'number' | 'date' | 'choice' | 'check' | 'yes-no' | 'list' | 'long';
  choices: string[];
  usual: string;
  required: boolean;
  min?: number | undefined;
  max?: number | undefined;
  /** shown at once, not under "More settings" */
  main: boolean;
}

interface Schema {
  type?: string | string[];
  title?: string;
  description?: string;
  format?: string;
  enum?: unknown[];
  const?: unknown;
  default?: unknown;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  anyOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  /** whether it is shown at once, where its kind doesn't say it right */
  main?: boolean;
}

/** A nullable schema without its null; title and help of the outer one win. */
const bare = (schema: Schema): Schema => {
  const real = schema.anyOf?.find(({ type }) => type !== 'null');
  const whole = real ? { ...real, ...schema } : schema;
  return Array.isArray(whole.type) ? { ...whole, type: whole.type.find(type => type !== 'null') ?? 'string' } : whole;
};

const words = (name: string) => {
  const spaced = name.replace(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase();
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
};

const kindOf = (schema: Schema, secret: boolean): FieldSpec['kind'] => {
  const { type, enum: choices, format, title } = schema;
  if (secret) return 'secret';
  if (choices) return 'choice';
  if (type === 'boolean') return schema.default === undefined ? 'yes-no' : 'check';
  if (type === 'integer' || type === 'number') return 'number';
  if (type === 'array') return 'list';
  if (format === 'date' || title === 'Since') return 'date';
  return /PEM/.test(title ?? '') ? 'long' : 'text';
};

/** So many fields are shown at once. */
const few = 6;

/** The fields of a connector's config, in the schema's order; objects are taken apart into dotted paths. */
export const fieldsOf = ({ schema, secrets }: Pick<Connector, 'schema' | 'secrets'>): FieldSpec[] => {
  const walk = (outer: Schema, prefix: string, group: string): FieldSpec[] =>
    Object.entries(outer.properties ?? {}).flatMap(([name, given]) => {
      const inner = bare(given);
      const path = prefix + name;
      const label = [group, inner.title ?? words(name)].filter(Boolean).join(': ');
      if (inner.properties) return walk(inner, `${path}.`, label);
      const required = !prefix && given.default === undefined && (outer.required?.includes(name) ?? false);
      const kind = kindOf(inner, secrets.includes(path));
      const usually = required || kind === 'secret' || kind === 'choice' || kind === 'number';
      const main = !prefix && (inner.main ?? usually);
      const usual = inner.default === undefined ? '' : String(inner.default);
      return [
        {
          path,
          label,
          help: inner.description,
          kind,
          choices: (inner.enum ?? []).map(String),
          usual,
          required,
          main,
          min: inner.minimum,
          max: inner.maximum,
        },
      ];
    });
  const fields = walk(schema as Schema, '', '');
  // a short form hides nothing
  return fields.length <= few ? fields.map(field => ({ ...field, main: true })) : fields;
};

/** What stands in each field, by its path; null: a saved secret is to be taken away. */
export type Values = Record<string, string | null>;

/** The settings as they are saved; of secrets only which there are. */
interface Saved {
  config: Record<string, unknown>;
  secrets: readonly string[];
}

const at = (config: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((value, key) => (value as Record<string, unknown> | null | undefined)?.[key], config);

/** It lacks what it would need to reach a source: it takes files that are handed in, and nothing else. */
export const isForFiles = (
  { config }: Pick<Saved, 'config'>,
  connector: Pick<Connector, 'schema' | 'secrets'>,
): boolean =>
  fieldsOf(connector).some(
    ({ required, kind, path }) => required && kind !== 'secret' && at(config, path) === undefined,
  );

/** What the form shows of a config. Lists are one item a line. */
export const valuesOf = (fields: FieldSpec[], config: Record<string, unknown>): Values =>
  Object.fromEntries(
    fields.map(({ path, usual, kind }) => {
      const value = at(config, path) ?? (kind === 'secret' ? '' : usual);
      return [path, Array.isArray(value) ? value.join('\n') : String(value ?? '')];
    }),
  );

const parse = ({ kind }: FieldSpec, text: string): unknown => {
  if (kind === 'number') return Number(text);
  if (kind === 'check' || kind === 'yes-no') return text === 'true';
  if (kind === 'list')
    return text
      .split('\n')
      .map(line => line.trim())
      .filter(Boolean);
  return kind === 'secret' ? text : text.trim();
};

/** Those of `values` that are not as in `known`. */
export const differing = (known: Values, values: Values): Values =>
  Object.fromEntries(Object.entries(values).filter(([path, text]) => text !== known[path]));

const put = (config: Record<string, unknown>, path: string, value: unknown): void => {
  const steps = path.split('.');
  const last = steps.pop() as string;
  let target = config;
  for (const step of steps) {
    target[step] ??= {};
    target = target[step] as Record<string, unknown>;
  }
  target[last] = value;
};

const isLeft = ({ path, kind }: FieldSpec, values: Values, { secrets }: Saved): boolean =>
  Boolean(values[path]?.trim()) || (kind === 'secret' && values[path] !== null && secrets.includes(path));

/**
 * What the form says of the fields that are `changed`. Empty fields are left out, or (they were saved) null, which clears, as it does a group of
 * fields with nothing left in it; an empty secret stays as it was saved.
 */
export const configOf = (
  fields: FieldSpec[],
  values: Values,
  saved: Saved = { config: {}, secrets: [] },
  changed = fields,
): Record<string, unknown> => {
  const config: Record<string, unknown> = {};
  for (const field of changed) {
    const text = values[field.path]?.trim() ? values[field.path] : null;
    const had = (at(saved.config, field.path) ?? null) !== null;
    const stays = field.kind === 'secret' ? values[field.path] !== null : !had;
    if (text || !stays) put(config, field.path, text ? parse(field, text) : null);
  }
  for (const group of Object.keys(config)) {
    const inside = fields.filter(({ path }) => path.startsWith(`${group}.`));
    if (inside.length > 0 && !inside.some(field => isLeft(field, values, saved))) config[group] = null;
  }
  return config;
};
