/** A path as JSON pointer (RFC 6901): /identifiers/0/value */
export const pointerTo = (path: readonly PropertyKey[]): string =>
  path.map(step => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
