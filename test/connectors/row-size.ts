import { expect } from 'chai';
import type { Captured } from '../../connectors/contract.ts';

/** Characters of what of an item is stored in one row: all but its bytes, and its text and html, which wait and lie in files of their own when they are long. */
export const rowSize = ({ parts: _, raw: __, text: ___, html: ____, ...row }: Captured): number =>
  JSON.stringify(row).length;

/** What one row may have by what somebody else writes into one field. */
export const expectSmallRow = (item: Captured, what: string): void => {
  expect(rowSize(item), what).to.be.below(120_000);
};

/** The value once for each of its texts and numbers, that one replaced by `text`; with the names that lead there. */
export function* eachReplaced(
  value: unknown,
  text: string,
  path: readonly string[] = [],
): Generator<[string, unknown]> {
  if (typeof value === 'string' || typeof value === 'number') yield [path.join('.'), text];
  if (typeof value !== 'object' || value === null) return;
  for (const [name, field] of Object.entries(value))
    for (const [where, replaced] of eachReplaced(field, text, [...path, name]))
      yield [where, Array.isArray(value) ? value.with(Number(name), replaced) : { ...value, [name]: replaced }];
}
