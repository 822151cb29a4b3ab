interface Open {
  /** index of the multipart among the entities */
  entity: number;
  boundary: string;
  /** depth to which this boundary referred before: an inner multipart may repeat an outer one's */
  shadowed: number | undefined;
}

/** A delimiter line of a multipart: of which one (by depth), and whether it closes it. */
export interface Delimiter {
  depth: number;
  closes: boolean;
}

/** Longest delimiter line (characters); RFC 2046 allows boundaries of 70. */
export const MAX_DELIMITER = 1024;

const trimEndBlank = (text: string): string => {
  let end = text.length;
  while (end > 0 && (text.charCodeAt(end - 1) === 0x20 || text.charCodeAt(end - 1) === 9)) end--;
  return text.slice(0, end);
};

/** What follows `--` in a line that starts with it, without trailing white space; null for other lines. */
export const delimiterToken = (text: string, from: number, end: number): string | null =>
  end - from <= MAX_DELIMITER && text.charCodeAt(from) === 0x2d && text.charCodeAt(from + 1) === 0x2d
    ? trimEndBlank(text.slice(from + 2, end))
    : null;

/** The stack of open multiparts. Each is found by its boundary in constant time, however deep they are nested. */
export const makeBoundaries = () => {
  const stack: Open[] = [];
  const depthOf = new Map<string, number>();

  const popTo = (depth: number): void => {
    while (stack.length > depth) {
      const { boundary, shadowed } = stack.pop() as Open;
      if (depthOf.get(boundary) !== stack.length) continue;
      if (shadowed === undefined) depthOf.delete(boundary);
      else depthOf.set(boundary, shadowed);
    }
  };

  const push = (entity: number, boundary: string): void => {
    stack.push({ entity, boundary, shadowed: depthOf.get(boundary) });
    depthOf.set(boundary, stack.length - 1);
  };

  /** The multipart of a delimiter line; null for none. The whole line is compared, since one boundary may be the beginning of another (RFC 2046, 5.1.1). */
  const find = (token: string): Delimiter | null => {
    const depth = depthOf.get(token);
    if (depth !== undefined) return { depth, closes: false };
    const closed = token.endsWith('--') ? depthOf.get(token.slice(0, -2)) : undefined;
    return closed === undefined ? null : { depth: closed, closes: true };
  };

  /**
   * Marks a multipart as closed. It stays on the stack in case its boundary comes again; where an outer one has the same boundary, that is meant from here on.
   */
  const closeAt = (depth: number): void => {
    const { boundary, shadowed } = stack[depth] as Open;
    if (shadowed !== undefined) depthOf.set(boundary, shadowed);
  };

  return {
    popTo,
    push,
    find,
    closeAt,
    top: () => stack.at(-1)?.entity ?? -1,
    entityAt: (depth: number) => stack[depth]?.entity ?? -1,
    depth: () => stack.length,
  };
};

export type Boundaries = ReturnType<typeof makeBoundaries>;
