/** A condition on one field: the value where there is one only, which an index is read in order by. */
export const oneOf = <T>(values: readonly T[]): T | { $in: T[] } =>
  values.length === 1 ? (values[0] as T) : { $in: [...values] };
