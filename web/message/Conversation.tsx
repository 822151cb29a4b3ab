import { useInfiniteQuery } from '@tanstack/react-query';
import { pages } from '../api/pages.ts';
import type { Interaction, Message } from '../api/types.ts';
import { Answer } from '../chat/Answer.tsx';
import { byTime } from '../chat/by-time.ts';
import { bytes, dayKey, exact, relative, time } from '../i18n/format.ts';
import { t } from '../i18n/index.ts';
import { Icon } from '../ui/Icon.tsx';
import './conversation.css';

const who = ({ sender, direction }: Message): string =>
  sender.name ?? (direction === 'outbound' ? t.chat.us : t.chat.visitor);

const partAddress = (interaction: string, seq: number, n: number): string =>
  `/api/v1/interactions/${encodeURIComponent(interaction)}/messages/${seq}/parts/${n}`;

const Files = ({ interaction, message }: { interaction: string; message: Message }) =>
  message.parts.map(({ n, name, size }) => (
    <a key={n} className="file" href={partAddress(interaction, message.seq, n)} download={name ?? ''}>
      <Icon name="clip" size={14} />
      <span className="ellipsis">{name ?? t.message.unnamed(n)}</span>
      <span className="num">· {bytes(size)}</span>
    </a>
  ));

/** One message of a chat: the customer's on the left, ours on the right; a note has its own colour and label. */
export const Said = ({ interaction, message }: { interaction: string; message: Message }) => {
  const { kind, direction, text } = message;
  const at = new Date(message.at);
  const place = kind === 'message' ? (direction === 'outbound' ? 'said out' : 'said') : `said ${kind}`;
  return (
    <li className={place} data-message={message.id}>
      <p className="said-head">
        {kind === 'note' && <strong className="note-word">{t.chat.note}</strong>} {kind !== 'system' && who(message)}{' '}
        <time dateTime={message.at} title={exact(at)}>
          {dayKey(at) === dayKey(new Date()) ? time(at) : `${relative(at)} ${time(at)}`}
        </time>
      </p>
      {text && (
        <div className="bubble" dir="auto">
          {text}
        </div>
      )}
      {message.parts.length > 0 && (
        <div className="files">
          <Files interaction={interaction} message={message} />
        </div>
      )}
    </li>
  );
};

/** Earlier messages than those that came with the interaction, as far as they were requested, oldest first. */
const useEarlier = (interaction: string, first: Message | undefined) => {
  const list = useInfiniteQuery({
    ...pages<Message>(['messages', interaction], `/interactions/${encodeURIComponent(interaction)}/messages`, {
      limit: 200,
    }),
    enabled: false, // only on request, since each read is logged
    staleTime: Number.POSITIVE_INFINITY,
  });
  const read = list.data?.pages.flatMap(({ items }) => items).reverse() ?? [];
  const load = async () => {
    const { data } = await list.fetchNextPage();
    if (data?.pages.length === 1) await list.fetchNextPage(); // the first page has the messages that are shown already
  };
  return { earlier: read.filter(one => first && byTime(one, first) < 0), list, load };
};

const Earlier = ({ shown, list, load }: { shown: number } & Pick<ReturnType<typeof useEarlier>, 'list' | 'load'>) => (
  <p className="k" role="status">
    {list.error ? `${t.state.failed} ` : `${t.chat.last(shown)} `}
    <button type="button" className="link" disabled={list.isFetching} onClick={() => void load()}>
      {list.isFetching ? t.state.loading : t.chat.earlier}
    </button>
  </p>
);

/** The messages of a chat, oldest first, with the form to answer. */
const Conversation = ({ interaction }: { interaction: Interaction }) => {
  const last = interaction.messages ?? [];
  const { earlier, list, load } = useEarlier(interaction.id, last[0]);
  const messages = [...earlier, ...last];
  const count = messages.reduce((most, { seq }) => Math.max(most, seq), 0);
  const isWhole = count <= messages.length || (list.data && !list.hasNextPage);
  return (
    <>
      {!isWhole && <Earlier shown={messages.length} list={list} load={load} />}
      <ol className="conversation" aria-label={t.chat.label}>
        {messages.map(message => (
          <Said key={message.id} interaction={interaction.id} message={message} />
        ))}
      </ol>
      <Answer interaction={interaction} />
    </>
  );
};

export default Conversation;
