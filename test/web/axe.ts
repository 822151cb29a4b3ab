import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';

/**
 * What axe finds wrong on a page, or in the part of it that `within` selects, as 'rule: elements'. Only what is wrong is worked out
 * in full, and no style sheet is fetched again: that is most of what axe takes its time for.
 */
export const axeFaults = async (
  page: Page,
  { within, rules }: { within?: string; rules?: string[] } = {},
): Promise<string[]> => {
  const axe = new AxeBuilder({ page: page as never }).options({ resultTypes: ['violations'], preload: false });
  if (within) axe.include(within);
  if (rules) axe.withRules(rules);
  const { violations } = await axe.analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target).join(' ')}`);
};
