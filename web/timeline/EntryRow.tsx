import { lazy, memo, type ReactNode, Suspense } from 'react';
import type { TimelineEntry } from '../api/types.ts';
import { exact, relative, time } from '../i18n/format.ts';
import { t } from '../i18n/index.ts';
import { channelIcon, channelTone, channelWord } from '../ui/channel.ts';
import { Icon } from '../ui/Icon.tsx';
import { keepWords } from './retention.ts';
import { setView, useView } from './view.ts';

const Message = lazy(() => import('../message/Message.tsx'));

const directionIcon: Record<string, string> = { inbound: 'in', outbound: 'out' };

/** The retention tag, readable as it stands; purpose and legal basis on hover. */
export const Keep = ({ entry }: { entry: TimelineEntry }) => (
  <span className="keep" title={t.keep.why(entry.retention.purpose, entry.retention.legalBasis)}>
    <Icon name="clock" size={12} />
    {keepWords(entry.retention)}
  </span>
);

const Head = ({ entry, open, dated }: { entry: TimelineEntry; open: boolean; dated: boolean }) => {
  const at = new Date(entry.occurredAt);
  const title = entry.subject || (entry.channel === 'email' ? t.timeline.noSubject : channelWord(entry.channel));
  const words = (
    <>
      <strong className="ellipsis">{title}</strong>
      <span className="entry-who ellipsis">
        {directionIcon[entry.direction] && <Icon name={directionIcon[entry.direction] as string} size={12} />}
        <span className="sr-only">{t.channel.direction[entry.direction] ?? entry.direction}: </span>
        {entry.from}
      </span>
      <time className="entry-time" dateTime={entry.occurredAt} title={exact(at)}>
        {dated ? relative(at) : time(at)}
      </time>
    </>
  );
  if (!entry.interaction) return <h2 className="entry-head">{words}</h2>;
  return (
    <h2 className="entry-heading">
      <button
        type="button"
        className="entry-head"
        aria-expanded={open}
        onClick={() => setView(entry.id, { open: !open })}
      >
        {words}
      </button>
    </h2>
  );
};

const Preview = ({ entry }: { entry: TimelineEntry }) => {
  if (!entry.preview) return null;
  const bubble = !entry.subject && entry.interaction && entry.channel !== 'email';
  return bubble ? (
    <p className={entry.direction === 'outbound' ? 'bubble-line out' : 'bubble-line'}>
      <span className="bubble">{entry.preview}</span>
    </p>
  ) : (
    <p className="preview">{entry.preview}</p>
  );
};

export interface EntryRowProps {
  entry: TimelineEntry;
  position: number;
  size: number;
  /** with the day, where no heading says it */
  dated?: boolean;
  /** what a page adds below */
  children?: ReactNode;
}

/** One entry of the stream: who, when, what; opened, the whole of it. */
export const EntryRow = memo(({ entry, position, size, dated = false, children }: EntryRowProps) => {
  const { open } = useView(entry.id);
  const word = channelWord(entry.channel);
  return (
    <article
      className="entry"
      data-id={entry.id}
      data-tone={channelTone(entry.channel)}
      data-direction={entry.direction}
      aria-posinset={position}
      aria-setsize={size}
      aria-label={`${word}, ${entry.subject ?? ''} ${exact(new Date(entry.occurredAt))}`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the articles of a feed take the focus (WAI-ARIA feed pattern)
      tabIndex={0}
    >
      <span className="entry-icon" title={word}>
        <Icon name={channelIcon(entry.channel, entry.event !== null)} />
      </span>
      <div className="entry-main">
        <Head entry={entry} open={open} dated={dated} />
        {open && entry.interaction ? (
          <Suspense fallback={<Preview entry={entry} />}>
            <Message id={entry.interaction} entry={entry.id} fallback={<Preview entry={entry} />} />
          </Suspense>
        ) : (
          <Preview entry={entry} />
        )}
        <div className="entry-more">
          <span className="entry-channel">{word}</span>
          {entry.files && !open && (
            <span className="file-mark">
              <Icon name="clip" size={14} />
              {t.timeline.file}
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
