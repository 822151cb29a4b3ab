/** A copy without the fields that are undefined. */
export const present = <T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } => {
  const there: { [K in keyof T]?: Exclude<T[K], undefined> } = {};
  for (const name in fields) if (fields[name] !== undefined) there[name] = fields[name] as never;
  return there;
};
