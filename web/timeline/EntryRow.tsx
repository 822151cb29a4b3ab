import { memo, type ReactNode, Suspense } from 'react';
import type { TimelineEntry } from '../api/types.ts';
import { exact, time } from '../i18n/format.ts';
import { t } from '../i18n/index.ts';
import { Boundary } from '../ui/Boundary.tsx';
import { channelIcon, channelTone, channelWord } from '../ui/channel.ts';
import { Icon } from '../ui/Icon.tsx';
import { lazily } from '../ui/lazily.ts';
import { When } from '../ui/parts.tsx';
import { isTitled, Preview, titleOf } from './Preview.tsx';
import { keepWords } from './retention.ts';
import { setView, useView } from './view.ts';

const Message = lazily(() => import('../message/Message.tsx'));
const EventData = lazily(() => import('./EventData.tsx'));

const directionIcon: Record<string, string> = { inbound: 'in', outbound: 'out' };

/** The retention tag in words; purpose and legal basis on hover. */
export const Keep = ({ entry }: { entry: TimelineEntry }) => (
  <span className="keep" title={t.keep.why(entry.retention.purpose, entry.retention.legalBasis)}>
    <Icon name="clock" size={12} />
    {keepWords(entry.retention)}
  </span>
);

/** Who an entry is from. A number of ours after an outgoing arrow is marked as ours, or it would be read as the recipient's. */
const whoOf = ({ direction, from }: TimelineEntry): string => {
  if (from === null) return t.timeline.anonymous;
  return direction === 'outbound' && /^\+?[\d\s]+$/.test(from) ? t.timeline.us(from) : from;
};

const Head = ({ entry, open, dated }: { entry: TimelineEntry; open: boolean; dated: boolean }) => {
  const at = new Date(entry.occurredAt);
  const words = (
    <>
      <strong className="ellipsis">{titleOf(entry)}</strong>
      <span className="entry-who ellipsis">
        {directionIcon[entry.direction] && <Icon name={directionIcon[entry.direction] as string} size={12} />}
        <span className="sr-only">{t.channel.direction[entry.direction] ?? entry.direction}: </span>
        {whoOf(entry)}
      </span>
      {dated ? (
        <When at={entry.occurredAt} className="entry-time" />
      ) : (
        <time className="entry-time" dateTime={entry.occurredAt} title={exact(at)}>
          {time(at)}
        </time>
      )}
    </>
  );
  if (!entry.interaction && !entry.event) return <h2 className="entry-head">{words}</h2>;
  return (
    <h2 className="entry-heading">
      <button
        type="button"
        className="entry-head"
        aria-expanded={open}
        onClick={event => {
          setView(entry.id, { open: !open });
          // after a click the focus goes to the entry, so that space plays or scrolls instead of closing it
          if (event.detail > 0) event.currentTarget.closest<HTMLElement>('.entry')?.focus({ preventScroll: true });
        }}
      >
        {words}
      </button>
    </h2>
  );
};

/** `position` and `size`: for aria-posinset and aria-setsize. */
export interface EntryRowProps {
  entry: TimelineEntry;
  position: number;
  size: number;
  /** show the date too, where no heading does */
  dated?: boolean;
  /** what the page adds below the entry */
  children?: ReactNode;
}

/** One entry of the timeline: who, when, what; when it is open, all of it. */
export const EntryRow = memo(({ entry, position, size, dated = false, children }: EntryRowProps) => {
  const { open } = useView(entry.id);
  const word = channelWord(entry.channel);
  const spoken = channelTone(entry.channel) === 'call';
  const shut = isTitled(entry) ? null : <Preview entry={entry} />;
  return (
    <article
      className="entry"
      data-id={entry.id}
      data-tone={channelTone(entry.channel)}
      data-direction={entry.direction}
      aria-posinset={position}
      aria-setsize={size}
      aria-label={`${word}, ${titleOf(entry)}, ${exact(new Date(entry.occurredAt))}`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the articles of a feed take the focus (WAI-ARIA feed pattern)
      tabIndex={0}
    >
      <span className="entry-icon" title={word}>
        <Icon name={channelIcon(entry.channel, entry.event !== null)} />
      </span>
      <div className="entry-main">
        <Head entry={entry} open={open} dated={dated} />
        <Boundary name={open ? 'entry, open' : 'entry'}>
          {open && entry.interaction ? (
            <Suspense fallback={shut}>
              <Message id={entry.interaction} entry={entry.id} fallback={shut} />
            </Suspense>
          ) : (
            shut
          )}
          {open && entry.event && (
            <Suspense>
              <EventData id={entry.event} />
            </Suspense>
          )}
        </Boundary>
        <div className="entry-more">
          <span className="entry-channel">{word}</span>
          {entry.files && !open && (
            <span className="file-mark">
              <Icon name={spoken ? 'play' : 'clip'} size={14} />
              {spoken ? t.timeline.recording : t.timeline.file}
            </span>
          )}
          <Keep entry={entry} />
        </div>
        {children}
      </div>
    </article>
  );
});
EntryRow.displayName = 'EntryRow';
