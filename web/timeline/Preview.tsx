import type { TimelineEntry } from '../api/types.ts';
import { exact, time } from '../i18n/format.ts';
import { t } from '../i18n/index.ts';
import { channelShape, channelWord } from '../ui/channel.ts';
import { Icon } from '../ui/Icon.tsx';
import { setView } from './view.ts';

type Status = NonNullable<TimelineEntry['status']>;

const arrived: ReadonlySet<string> = new Set(['delivered', 'read']);
const broken: ReadonlySet<string> = new Set(['failed', 'undelivered', 'canceled']);

/** The delivery state of a message, always in words, not only by an icon. */
export const StatusWords = ({ status: { state, at, error } }: { status: Status }) => {
  const failed = error !== null || broken.has(state);
  const tone = failed ? 'bad' : arrived.has(state) ? 'good' : '';
  const when = new Date(at);
  return (
    <span className={`status ${tone}`} title={exact(when)}>
      {(failed || tone) && <Icon name={failed ? 'warn' : 'check'} size={12} />}
      {t.status.words[state] ?? state.replaceAll('-', ' ')}
      {error ? `: ${error}` : ` ${time(when)}`}
    </span>
  );
};

const Bubble = ({ entry }: { entry: TimelineEntry }) => {
  // a chat's preview may be by somebody else than the one who began it
  const out = (entry.said ?? entry).direction === 'outbound';
  return (
    <p className={out ? 'bubble-line out' : 'bubble-line'}>
      <span className="bubble">{entry.preview}</span>
      {out && entry.status && <StatusWords status={entry.status} />}
    </p>
  );
};

const All = ({ entry }: { entry: TimelineEntry }) => (
  <button type="button" className="link show-all" onClick={() => setView(entry.id, { open: true })}>
    {t.chat.all(entry.messages ?? 0)}
  </button>
);

const longestTitle = 60;

/** Whether the title contains the whole preview (a call's result), so that it isn't shown again. */
export const isTitled = ({ subject, channel, preview }: TimelineEntry): boolean =>
  !subject && channelShape(channel) === 'line' && preview.length <= longestTitle;

/** The title of an entry. */
export const titleOf = (entry: TimelineEntry): string => {
  const { subject, channel, preview } = entry;
  if (subject) return subject;
  if (channelShape(channel) === 'letter') return t.timeline.noSubject;
  return isTitled(entry) && preview ? `${channelWord(channel)} · ${preview}` : channelWord(channel);
};

/** The content of a closed entry. */
export const Preview = ({ entry }: { entry: TimelineEntry }) => {
  const said = !entry.subject && entry.interaction !== null && channelShape(entry.channel) === 'bubble';
  const count = entry.messages ?? 0;
  return (
    <>
      {entry.preview &&
        (said ? (
          <Bubble entry={entry} />
        ) : (
          <p className="preview" dir="auto">
            {entry.preview}
          </p>
        ))}
      {said && !entry.preview && entry.direction === 'outbound' && entry.status && (
        <StatusWords status={entry.status} />
      )}
      {count > 1 && <All entry={entry} />}
    </>
  );
};
