/** Condition that a field has one of these values. A single value is given as such: an index is then read in its order. */
export const oneOf = <T>(values: readonly T[]): T | { $in: T[] } =>
  values.length === 1 ? (values[0] as T) : { $in: [...values] };
