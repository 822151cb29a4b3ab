import type { Interaction, Message } from '../api/types.ts';
import { Answer } from '../chat/Answer.tsx';
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

/** One message: what the customer says on the left, we on the right; a note has a surface and a word of its own. */
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
      {text && <div className="bubble">{text}</div>}
      {message.parts.length > 0 && (
        <div className="files">
          <Files interaction={interaction} message={message} />
        </div>
      )}
    </li>
  );
};

/** The messages of a chat, the oldest first. */
const Conversation = ({ interaction }: { interaction: Interaction }) => {
  const messages = interaction.messages ?? [];
  const first = messages[0]?.seq ?? 1;
  return (
    <>
      {first > 1 && <p className="k">{t.chat.last(messages.length)}</p>}
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
