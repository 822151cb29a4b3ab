import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { useSearchParams } from 'wouter';
import type { TimelineCounts, TimelineEntry } from '../api/types.ts';
import { count, date, dayHeading, dayKey } from '../i18n/format.ts';
import { t } from '../i18n/index.ts';
import { hush } from '../message/call/audio.ts';
import { Icon } from '../ui/Icon.tsx';
import { Waiting } from '../ui/Page.tsx';
import { Empty } from '../ui/parts.tsx';
import { useToday } from '../ui/today.ts';
import { EntryRow } from './EntryRow.tsx';
import { countWords } from './Filters.tsx';
import { cleared, type Filter, isEmpty, withFilter } from './filter.ts';
import { type Row, rowsOf } from './rows.ts';
import { useOpeningPlace } from './useOpeningPlace.ts';
import { useStream } from './useStream.ts';
import { useStreamKeys } from './useStreamKeys.ts';
import { useTimeline } from './useTimeline.ts';
import { onOpen } from './view.ts';
import './timeline.css';

const headingOf = (at: string): string => {
  const day = new Date(at);
  const now = new Date();
  const heading = dayHeading(day, now);
  if (dayKey(day) === dayKey(now)) return `${t.timeline.today}, ${heading}`;
  return dayKey(day) === dayKey(new Date(now.getTime() - 86_400_000)) ? `${t.timeline.yesterday}, ${heading}` : heading;
};

const gapWords = (days: number): string => {
  if (days < 60) return t.timeline.days(days);
  return days < 730 ? t.timeline.months(Math.round(days / 30.4)) : t.timeline.years(Math.floor(days / 365.25));
};

/** A day in words, updated at midnight ("today" becomes "yesterday"). */
const Day = ({ at }: { at: string }) => {
  useToday();
  return headingOf(at);
};

const Line = ({ row }: { row: Exclude<Row, { kind: 'entry' }> }) => {
  if (row.kind === 'day')
    return (
      <div className="day">
        <Day at={row.at} />
      </div>
    );
  if (row.kind === 'gap') return <div className="gap-row">{t.timeline.gap(gapWords(row.days))}</div>;
  return <div className="unread-row">{t.timeline.unread}</div>;
};

/** The line above the timeline: how many earlier entries aren't loaded, or where it begins. Its height never changes. */
const Above = ({
  left,
  before,
  busy,
  error,
  first,
  load,
}: {
  left: string | undefined;
  before: boolean;
  busy: boolean;
  error: unknown;
  first: string;
  load: () => void;
}) => {
  const jump = () => {
    const chip = document.querySelector<HTMLButtonElement>('.filters .dates');
    if (chip?.ariaExpanded === 'false') chip.click();
    requestAnimationFrame(() => document.querySelector<HTMLInputElement>('.filters input[type="date"]')?.focus());
  };
  let words: ReactNode = `${t.timeline.beginning}, ${date(new Date(first))}`;
  if (busy) words = t.timeline.loadingEarlier;
  else if (before)
    words = (
      <>
        {error ? `${t.state.failed} ` : ''}
        <button type="button" className="link load-more" onClick={load}>
          {left ? t.timeline.earlier(left) : t.timeline.earlierUnknown}
        </button>{' '}
        ·{' '}
        <button type="button" className="link" onClick={jump}>
          {t.timeline.jump}
        </button>
      </>
    );
  return (
    <div className="above">
      <div className="above-in">{words}</div>
    </div>
  );
};

interface Props {
  contact: string;
  name: string;
  filter: Filter;
  counts: TimelineCounts | undefined;
}

const NoEntries = ({ filter }: { filter: Filter }) => {
  const [, setSearch] = useSearchParams();
  if (isEmpty(filter))
    return (
      <Empty title={t.timeline.empty} icon="clock">
        <p className="k">{t.timeline.emptyHelp}</p>
      </Empty>
    );
  return (
    <Empty title={t.timeline.noMatch} icon="find">
      <button type="button" className="btn" onClick={() => setSearch(search => withFilter(search, cleared))}>
        {t.timeline.clear}
      </button>
    </Empty>
  );
};

/** Text for screen readers: how many entries arrived or were loaded, never their content. */
const useAnnouncement = (entries: readonly TimelineEntry[]): string => {
  const [words, say] = useState('');
  const before = useRef<{ first: string | undefined; ids: ReadonlySet<string> }>({ first: undefined, ids: new Set() });
  useEffect(() => {
    const { first, ids } = before.current;
    before.current = { first: entries[0]?.id, ids: new Set(entries.map(({ id }) => id)) };
    const past = entries.findIndex(({ id }) => id === first);
    if (past < 0) return;
    const came = entries.slice(past).filter(({ id }) => !ids.has(id)).length;
    if (came > 0) say(t.timeline.arrived(came));
    else if (past > 0) say(t.timeline.loaded(past));
  }, [entries]);
  return words;
};

const none: TimelineEntry[] = [];

/** Total number of entries (undefined when it isn't known exactly), and how many aren't loaded, in words. */
const sizes = (counts: TimelineCounts | undefined, shown: number) => {
  if (!counts) return { total: undefined, left: undefined };
  if (counts.total.more) return { total: undefined, left: countWords(counts.total) };
  const total = Math.max(counts.total.count, shown);
  return { total, left: count(total - shown) };
};

const Feed = ({
  name,
  busy,
  rows,
  stream,
  total,
  shown,
}: {
  name: string;
  busy: boolean;
  rows: readonly Row[];
  stream: ReturnType<typeof useStream>;
  total: number | undefined;
  shown: number;
}) => {
  const { virtual } = stream;
  const offset = total === undefined ? 1 : total - shown + 1;
  return (
    <div
      role="feed"
      aria-label={t.timeline.label(name)}
      aria-busy={busy}
      className="feed"
      style={{ height: virtual.getTotalSize() }}
    >
      {virtual.getVirtualItems().map(({ index, key, start }) => {
        const row = rows[index];
        const style = { transform: `translateY(${start - virtual.options.scrollMargin}px)` };
        return (
          row && (
            <div key={key} ref={virtual.measureElement} data-index={index} className="feed-row" style={style}>
              {row.kind === 'entry' ? (
                <EntryRow entry={row.entry} position={offset + row.index} size={total ?? -1} />
              ) : (
                <Line row={row} />
              )}
            </div>
          )
        );
      })}
    </div>
  );
};

const Pill = ({ fresh, toEnd }: { fresh: number; toEnd: () => void }) => (
  <button type="button" className="pill" onClick={toEnd}>
    <Icon name="arrowDown" size={14} />
    {fresh > 0 ? t.timeline.pill(fresh) : <span className="sr-only">{t.timeline.toEnd}</span>}
  </button>
);

/** One contact's timeline, oldest above, newest below. Must be mounted anew for another contact or filter. */
export const Timeline = ({ contact, name, filter, counts }: Props) => {
  const { query, loadOlder, older } = useTimeline(contact, filter);
  const loaded = query.data;
  const keep = isEmpty(filter);
  const { opening, firstUnread } = useOpeningPlace(contact, loaded, keep, loadOlder);
  const rows = useMemo(() => rowsOf(loaded?.entries ?? none, firstUnread), [loaded, firstUnread]);
  const load = () => void loadOlder();
  const stream = useStream({ contact, rows, opening, firstUnread, keep, older: load });
  useStreamKeys({ rows, stream, loadOlder: load });
  useEffect(() => onOpen(stream.reveal), [stream.reveal]);
  useEffect(() => hush, []);

  const entries = loaded?.entries ?? none;
  const announcement = useAnnouncement(entries);
  const shown = entries.length;
  const { total, left } = sizes(counts, shown);
  const first = entries[0];
  return (
    <div className="stream-wrap">
      <p className="sr-only" role="status">
        {announcement}
      </p>
      <div className="stream" ref={stream.scroller} data-opening={!stream.placed || undefined}>
        {first && (
          <div className="stream-in">
            <Above left={left} before={loaded?.before !== null} {...older} first={first.occurredAt} load={load} />
            <div className="day sticky" aria-hidden="true">
              <Day at={stream.day ?? first.occurredAt} />
            </div>
            <Feed name={name} busy={older.busy} rows={rows} stream={stream} total={total} shown={shown} />
          </div>
        )}
        <Waiting query={query} />
        {loaded && shown === 0 && <NoEntries filter={filter} />}
      </div>
      {!stream.atEnd && stream.opened && <Pill fresh={stream.fresh} toEnd={stream.toEnd} />}
    </div>
  );
};
