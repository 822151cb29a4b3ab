import { sha256 } from '../../common/raw.ts';
import type { Cdr } from '../types.ts';
import { makeCounter } from './counter.ts';

/** What the lines of one file are told apart by, beside what they say. */
export interface Numbering {
  /** how often a line came by now, this time counted; `line`: hash of its bytes */
  next(line: string): number;
  /**
   * The leg that a line is, where others of its file may say the same: the first is what it says, every other one of another wording has a number behind it.
   * `count`: as `next` gave it.
   */
  legOf(cdr: Cdr, line: string, count: number): Cdr;
}

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
