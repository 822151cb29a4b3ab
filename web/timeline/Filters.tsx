import { useId, useState } from 'react';
import { useSearchParams } from 'wouter';
import type { TimelineCounts } from '../api/types.ts';
import { count } from '../i18n/format.ts';
import { t } from '../i18n/index.ts';
import { channelIcon, channelWords } from '../ui/channel.ts';
import { Icon } from '../ui/Icon.tsx';
import { cleared, type Filter, isEmpty, withFilter } from './filter.ts';

type Counted = { count: number; more: boolean };
/** A count in words: '12', or '10,000+' when there are more. */
export const countWords = ({ count: number, more }: Counted): string =>
  more ? t.timeline.capped(number) : count(number);

/** The sum of counts. */
export const sum = (counts: Counted[]): Counted => ({
  count: counts.reduce((all, { count: one }) => all + one, 0),
  more: counts.some(({ more }) => more),
});

const useFilterChange = () => {
  const [, setSearch] = useSearchParams();
  return (patch: Parameters<typeof withFilter>[1]) => setSearch(search => withFilter(search, patch), { replace: true });
};

const Channels = ({ filter, counts }: { filter: Filter; counts: TimelineCounts }) => {
  const change = useFilterChange();
  const channels = Object.entries(counts.channels).sort(([, a], [, b]) => b.count - a.count);
  return (
    <>
      <button
        type="button"
        className="chip"
        aria-pressed={!filter.channel}
        onClick={() => change({ channel: undefined })}
      >
        {t.channel.all} <span className="num">{countWords(sum(channels.map(([, counted]) => counted)))}</span>
      </button>
      {channels.map(([channel, counted]) => (
        <button
          key={channel}
          type="button"
          className="chip"
          aria-pressed={filter.channel === channel}
          onClick={() => change({ channel: filter.channel === channel ? undefined : channel })}
        >
          <Icon name={channelIcon(channel)} size={14} />
          {channelWords(channel)} <span className="num">{countWords(counted)}</span>
        </button>
      ))}
    </>
  );
};

const Direction = ({ filter, counts }: { filter: Filter; counts: TimelineCounts }) => {
  const change = useFilterChange();
  return (
    <select
      className={filter.direction ? 'chip on' : 'chip'}
      aria-label={t.timeline.direction}
      value={filter.direction ?? ''}
      onChange={event => change({ direction: event.target.value || undefined })}
    >
      <option value="">{t.timeline.anyDirection}</option>
      {Object.entries(counts.directions).map(([direction, counted]) => (
        <option key={direction} value={direction}>
          {t.channel.direction[direction] ?? direction} ({countWords(counted)})
        </option>
      ))}
    </select>
  );
};

const Dates = ({ filter }: { filter: Filter }) => {
  const change = useFilterChange();
  const [open, setOpen] = useState(false);
  const id = useId();
  const shown = open || Boolean(filter.from ?? filter.to);
  const field = (name: 'from' | 'to', label: string) => (
    <span className="date">
      <label htmlFor={`${id}${name}`}>{label}</label>
      <input
        id={`${id}${name}`}
        type="date"
        className={filter[name] ? 'chip on' : 'chip'}
        value={filter[name] ?? ''}
        onChange={event => change({ [name]: event.target.value || undefined })}
      />
    </span>
  );
  return (
    <>
      <button type="button" className="chip dates" aria-expanded={shown} onClick={() => setOpen(!open)}>
        <Icon name="event" size={14} />
        {t.timeline.dates}
      </button>
      {shown && field('from', t.timeline.from)}
      {shown && field('to', t.timeline.to)}
    </>
  );
};

/** The filter bar. Its counts come from the server: of each value under the other filters. */
export const Filters = ({ filter, counts }: { filter: Filter; counts: TimelineCounts | undefined }) => {
  const change = useFilterChange();
  return (
    <fieldset className="filters" aria-label={t.timeline.filters}>
      <div className="filters-channels">{counts && <Channels filter={filter} counts={counts} />}</div>
      <div className="filters-rest">
        {counts && <Direction filter={filter} counts={counts} />}
        <button
          type="button"
          className="chip"
          aria-pressed={filter.files === 'true'}
          onClick={() => change({ files: filter.files ? undefined : 'true' })}
        >
          <Icon name="clip" size={14} />
          {t.timeline.files} {counts && <span className="num">{countWords(counts.files.true)}</span>}
        </button>
        <Dates filter={filter} />
        {!isEmpty(filter) && (
          <button type="button" className="link" onClick={() => change(cleared)}>
            {t.timeline.clear}
          </button>
        )}
      </div>
    </fieldset>
  );
};
