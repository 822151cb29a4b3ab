import type { RetentionTag } from '../api/types.ts';
import { plainDay } from '../i18n/format.ts';
import { t } from '../i18n/index.ts';

const units = { Y: t.timeline.years, M: t.timeline.months, D: t.timeline.days } as const;

/** An ISO 8601 duration in words: 'P5Y' → '5 years', 'P1Y6M' → '1 year 6 months'. */
export const periodWords = (period: string): string => {
  const parts = [...period.matchAll(/(\d+)([YMD])/g)].map(([, count, unit]) =>
    units[unit as keyof typeof units](Number(count)),
  );
  return parts.join(' ') || period;
};

/** How long an entry is kept, in words. */
export const keepWords = (tag: RetentionTag): string => {
  if (tag.keepUntil) return t.keep.until(plainDay(tag.keepUntil));
  if (tag.trigger === 'relationship-end') return t.keep.relationship(periodWords(tag.period));
  return t.keep.after(periodWords(tag.period), tag.trigger.replaceAll('-', ' '));
};
