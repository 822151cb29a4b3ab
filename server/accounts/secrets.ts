export type Config = Record<string, unknown>;

export const isObject = (value: unknown): value is Config =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What lies at a dotted path. */
const valueAt = (config: Config, path: string): unknown =>
  path.split('.').reduce<unknown>((at, field) => (isObject(at) ? at[field] : undefined), config) ?? undefined;

/** Secrets that `changes` keeps as they are, though what they are sent to is another one in `after` than it was in `before`. */
export const carriedElsewhere = (
  secrets: Config,
  goTo: Readonly<Record<string, readonly string[]>>,
  { before, changes, after }: { before: Config; changes: Config; after: Config },
): string[] =>
  Object.keys(secrets).filter(
    secret =>
      valueAt(after, secret) !== undefined &&
      valueAt(changes, secret) === undefined &&
      goTo[secret]?.some(path => valueAt(before, path) !== valueAt(after, path)),
  );

/** The folder that a setting (dotted path) names; '' when it names none. */
export const folderAt = (config: Config, path: string): string => String(valueAt(config, path) ?? '');

/** Nothing that would be a secret: a field that was left empty, a list of none. */
const isUnset = (value: unknown): boolean =>
  value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);

/** Takes the secrets (dotted paths) out of a config: what is left may be shown, what was taken is to be sealed. */
export const splitSecrets = (config: Config, paths: readonly string[]): { open: Config; secrets: Config } => {
  const open = structuredClone(config);
  const secrets: Config = {};
  for (const path of paths) {
    const fields = path.split('.');
    const last = fields.pop() ?? path;
    const holder = fields.reduce<unknown>((at, field) => (isObject(at) ? at[field] : undefined), open);
    if (!isObject(holder) || !(last in holder)) continue;
    if (!isUnset(holder[last])) secrets[path] = holder[last];
    delete holder[last];
  }
  return { open, secrets };
};

/** Lays sealed fields (dotted path → value) back into a config. */
export const withSecrets = (config: Config, secrets: Config): Config => {
  const whole = structuredClone(config);
  for (const [path, value] of Object.entries(secrets)) {
    const fields = path.split('.');
    const last = fields.pop() as string;
    let at = whole;
    for (const field of fields) {
      at[field] ??= {};
      at = at[field] as Config;
    }
    at[last] = value;
  }
  return whole;
};

/** Objects merge, arrays are replaced, null clears. */
export const mergeConfig = (config: Config, changes: Config): Config => {
  const merged: Config = { ...config };
  for (const [field, value] of Object.entries(changes)) {
    if (field === '__proto__') continue;
    const before = merged[field];
    if (value === null) delete merged[field];
    else merged[field] = isObject(value) ? mergeConfig(isObject(before) ? before : {}, value) : value;
  }
  return merged;
};
