import { sha256 } from '../../common/raw.ts';
import type { Cdr } from '../types.ts';
import { makeCounter } from './counter.ts';

/** Tells apart lines and legs of one file that would have the same key. */
export interface Numbering {
  /** how often this line has come, this time included; `line`: hex SHA-256 of its bytes */
  next(line: string): number;
  /**
   * `cdr` with a leg that is unique in the file, where its leg was derived from its fields and other lines may have the same: the first keeps it, a different
   * line with the same one gets a number behind it. `count`: what `next` answered for this line.
   */
  legOf(cdr: Cdr, line: string, count: number): Cdr;
}

/** A new numbering, for one file. */
export const makeNumbering = (): Numbering => {
  const lines = makeCounter();
  const legs = makeCounter();
  const further = makeCounter();
  const numberOf = (leg: string, line: string, count: number): number => {
    if (count > 1) return further.of(line) || 1;
    const number = legs.next(sha256(leg));
    if (number > 1) further.put(line, number);
    return number;
  };
  return {
    next: lines.next,
    legOf: (cdr, line, count) => {
      if (!cdr.isLegDerived) return cdr;
      const number = numberOf(`${cdr.id}\0${cdr.leg}`, line, count);
      return number > 1 ? { ...cdr, leg: `${cdr.leg}/${number}` } : cdr;
    },
  };
};
