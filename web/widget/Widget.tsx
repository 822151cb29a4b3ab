/** @jsxImportSource preact */
import type { TargetedEvent, TargetedSubmitEvent } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Chat, Line, Said } from './line.ts';
import { periodIn, type Words } from './words.ts';

interface Props {
  chat: Chat;
  hub: string;
  words: Words;
}

/** The time of a message, with the date unless it is today: a chat lasts as long as the browser keeps it. */
const timeOf = (at: number): string => {
  const time = new Date(at);
  const isToday = time.toDateString() === new Date().toDateString();
  return time.toLocaleString([], isToday ? { timeStyle: 'short' } : { dateStyle: 'medium', timeStyle: 'short' });
};

const Bubble = ({
  said,
  hub,
  words,
  sending,
  remove,
}: {
  said: Said;
  hub: string;
  words: Words;
  /** text for a message that isn't acknowledged yet */
  sending: string;
  remove: () => void;
}) => {
  const { mine, name, text, files, seq, error, at } = said;
  return (
    <div class={mine ? 'said mine' : 'said'} data-id={said.id}>
      <div class="bubble" dir="auto">
        {text}
        {files.map(file => (
          <div key={file.name}>
            {file.url ? (
              <a href={hub + file.url} target="_blank" rel="noreferrer" download>
                📎 {file.name}
              </a>
            ) : (
              `📎 ${file.name}`
            )}
          </div>
        ))}
      </div>
      {error ? (
        <p class="dim bad" role="alert">
          {words.failed}: {error}{' '}
          <button type="button" class="link" onClick={remove}>
            {words.remove}
          </button>
        </p>
      ) : (
        <p class="dim">{seq === undefined ? sending : `${mine ? words.you : (name ?? words.us)}, ${timeOf(at)}`}</p>
      )}
    </div>
  );
};

/** Within this distance from the end the log follows new messages; a visitor who has scrolled up goes on reading. */
const NEAR_PX = 80;

const Log = ({ line, chat, hub, words }: Props & { line: Line }) => {
  const box = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  const { said, types, state } = line;
  const sending = state === 'away' || state === 'refused' ? words.waits : words.sending;
  const newest = said.at(-1);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when it is new
  useLayoutEffect(() => {
    if (newest?.mine) follows.current = true;
  }, [newest?.id]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: whatever changes may move the end
  useLayoutEffect(() => {
    if (follows.current) box.current?.scrollTo(0, box.current.scrollHeight);
  }, [said, types]);
  const scrolled = ({ currentTarget: log }: TargetedEvent<HTMLDivElement>) => {
    follows.current = log.scrollHeight - log.clientHeight - log.scrollTop < NEAR_PX;
  };
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
    <div class="log" role="log" aria-live="polite" tabIndex={0} ref={box} onScroll={scrolled}>
      {said.map(one => (
        <Bubble key={one.id} said={one} hub={hub} words={words} sending={sending} remove={() => chat.remove(one.id)} />
      ))}
      {types && <p class="dim">{words.types(types)}</p>}
    </div>
  );
};

const trimmed = (form: FormData, field: string): string => String(form.get(field) ?? '').trim();

const Ask = ({ line, chat, words }: { line: Line; chat: Chat; words: Words }) => {
  const submit = (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    chat.answer({ name: trimmed(form, 'name'), email: trimmed(form, 'email') });
  };
  return (
    <form class="ask" onSubmit={submit}>
      <h2>{words.ask}</h2>
      {line.session?.ask.name && (
        <label>
          {words.name}
          <input
            name="name"
            dir="auto"
            required
            pattern=".*\S.*"
            maxLength={200}
            autoComplete="name"
            onInvalid={({ currentTarget: field }) => field.setCustomValidity(words.nameMissing)}
            onInput={({ currentTarget: field }) => field.setCustomValidity('')}
          />
        </label>
      )}
      {line.session?.ask.email && (
        <label>
          {words.email}
          <input name="email" type="email" required maxLength={320} autoComplete="email" />
        </label>
      )}
      <button type="submit" class="send">
        {words.start}
      </button>
    </form>
  );
};

const Write = ({ chat, words }: { chat: Chat; words: Words }) => {
  const [text, show] = useState(chat.draft);
  const setText = (next: string) => {
    chat.setDraft(next);
    show(next);
  };
  const [fault, setFault] = useState('');
  const send = () => {
    if (!text.trim()) return;
    chat.say(text);
    setText('');
  };
  const attach = (event: TargetedEvent<HTMLInputElement>) => {
    const [file] = event.currentTarget.files ?? [];
    event.currentTarget.value = '';
    setFault('');
    if (file) chat.sendFile(file).catch((error: Error) => setFault(`${words.fileFailed} ${error.message}`.trim()));
  };
  return (
    <>
      {fault && (
        <p class="dim bad note" role="alert">
          {fault}
        </p>
      )}
      <form
        onSubmit={event => {
          event.preventDefault();
          send();
        }}
      >
        <label class="clip" title={words.attach}>
          <span aria-hidden="true">📎</span>
          <input type="file" aria-label={words.attach} onChange={attach} />
        </label>
        <textarea
          rows={1}
          dir="auto"
          value={text}
          maxLength={20000}
          aria-label={words.write}
          placeholder={words.write}
          onInput={event => {
            setText(event.currentTarget.value);
            chat.typing();
          }}
          onKeyDown={event => {
            if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
            event.preventDefault();
            send();
          }}
        />
        <button type="submit" class="send" disabled={!text.trim()}>
          {words.send}
        </button>
      </form>
    </>
  );
};

const stateWords = ({ state, session }: Line, words: Words): string => {
  if (state === 'refused') return session ? words.paused : words.closed;
  if (!session) return words.connecting;
  if (state === 'away') return words.offline;
  return session.agents ? words.here : words.later;
};

const Panel = ({ line, chat, hub, words, close }: Props & { line: Line; close: () => void }) => {
  const { session } = line;
  const kept = session?.keep;
  const box = useRef<HTMLElement>(null);
  // again when the questions are replaced by the chat; in a layout effect, so that no key is lost in between
  const ready = line.asked ? 'chat' : 'ask';
  useLayoutEffect(() => {
    if (ready) box.current?.querySelector<HTMLElement>('textarea, input:not([type=file])')?.focus();
  }, [ready]);
  const notice = kept?.unknown && kept.customer && (
    <p class="dim note kept">{words.kept(periodIn(words, kept.unknown), periodIn(words, kept.customer))}</p>
  );
  return (
    <section
      class="panel"
      role="dialog"
      aria-label={session?.name || words.open}
      ref={box}
      onKeyDown={event => event.key === 'Escape' && close()}
    >
      <header>
        <div>
          <h2>{session?.name || words.open}</h2>
          <p class="dim" role="status">
            {stateWords(line, words)}
          </p>
        </div>
        <button type="button" class="x" aria-label={words.close} onClick={close}>
          ×
        </button>
      </header>
      {session && !line.asked ? (
        <div class="before">
          {notice}
          <Ask line={line} chat={chat} words={words} />
        </div>
      ) : (
        <>
          {notice}
          <Log line={line} chat={chat} hub={hub} words={words} />
          {session && line.state !== 'refused' && <Write key={line.who} chat={chat} words={words} />}
        </>
      )}
    </section>
  );
};

/** The button in the corner, and the chat that it opens. */
export const Widget = ({ line, ...props }: Props & { line: Line }) => {
  const [open, setOpen] = useState(false);
  const { chat, words } = props;
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (open && line.unread > 0) chat.read();
  }, [open, line.unread, chat]);
  const close = () => {
    setOpen(false);
    setTimeout(() => button.current?.focus()); // once it is rendered again
  };
  const show = () => {
    chat.connect();
    setOpen(true);
  };
  return (
    <div class="root">
      {open ? (
        <Panel line={line} {...props} close={close} />
      ) : (
        <button type="button" class="open" ref={button} onClick={show}>
          {words.open}
          {line.unread > 0 && (
            <span class="badge">
              <span aria-hidden="true">{line.unread}</span>
              <span role="status" aria-label={words.unread(line.unread)} />
            </span>
          )}
        </button>
      )}
    </div>
  );
};
