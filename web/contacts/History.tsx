import { useInfiniteQuery } from '@tanstack/react-query';
import { pages } from '../api/pages.ts';
import type { HistoryRow, Identifier } from '../api/types.ts';
import { plainDay } from '../i18n/format.ts';
import { t } from '../i18n/index.ts';
import { identifierWord, isReadable } from '../ui/names.ts';
import { More } from '../ui/Page.tsx';
import { Failed, When } from '../ui/parts.tsx';

const h = t.contact.changes;

type Change = HistoryRow['changes'][number];

const identifiersOf = (value: unknown): Identifier[] => (Array.isArray(value) ? (value as Identifier[]) : []);
const shownAs = ({ type, value }: Identifier): string => (isReadable(type) ? value : identifierWord(type));
const isSame = (one: Identifier) => (other: Identifier) => one.type === other.type && one.value === other.value;

/** What came and what went of a list of identifiers. */
const identifierWords = ({ old, new: now }: Change): string[] => {
  const [before, after] = [identifiersOf(old), identifiersOf(now)];
  return [
    ...after.filter(one => !before.some(isSame(one))).map(one => h.added(shownAs(one))),
    ...before.filter(one => !after.some(isSame(one))).map(one => h.removed(shownAs(one))),
  ];
};

const isDay = (value: string): boolean => /^\d{4}-\d{2}-\d{2}/.test(value);
const valueWords = (value: unknown): string => {
  if (value === null || value === undefined || value === '') return h.nothing;
  const text = String(value);
  return isDay(text) ? plainDay(text) : text;
};

/** A change in words: a line each. */
const wordsOf = (change: Change): string[] => {
  const { field, old, new: now } = change;
  if (field === 'identifiers') return identifierWords(change);
  if (field === 'provisional') return [now ? h.unknown : h.known];
  if (field === 'mergedInto') return [h.joined];
  // of an organisation only the id is kept
  if (field === 'organisation') return [now === null ? h.left : old === null ? h.entered : h.moved];
  const label = h.fields[field] ?? field;
  return [old === null ? h.set(label, valueWords(now)) : h.became(label, valueWords(old), valueWords(now))];
};

/** Who changed what of a contact, newest first. */
export const History = ({ id }: { id: string }) => {
  const history = useInfiniteQuery(
    pages<HistoryRow>(['history', id], `/contacts/${encodeURIComponent(id)}/history`, { limit: 20 }),
  );
  if (history.isError) return <Failed error={history.error} retry={() => void history.refetch()} />;
  const rows = history.data?.pages.flatMap(({ items }) => items);
  if (rows?.length === 0) return <p className="k">{t.contact.noHistory}</p>;
  return (
    <>
      <ul className="history">
        {rows?.map(row => (
          <li key={row.id}>
            {row.changes.flatMap(wordsOf).map(words => (
              <div key={words}>{words}</div>
            ))}
            <div className="k">
              <When at={row.at} /> {row.who === 'capture' ? h.byCapture : row.whoName && h.by(row.whoName)}
            </div>
          </li>
        ))}
      </ul>
      <More list={history} />
    </>
  );
};
