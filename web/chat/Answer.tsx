import { type ChangeEvent, type FormEvent, type KeyboardEvent, useRef, useState } from 'react';
import { upload } from '../api/client.ts';
import { tellTyping } from '../api/live.ts';
import type { Interaction } from '../api/types.ts';
import { t } from '../i18n/index.ts';
import { Icon } from '../ui/Icon.tsx';
import { makeKept } from '../ui/kept.ts';
import { Fault } from '../ui/Page.tsx';
import { type Pending, useAnswers } from './useAnswers.ts';
import { type Talk, useConversation } from './useConversation.ts';
import { useStaysInView } from './useStaysInView.ts';
import './chat.css';

type Kind = 'message' | 'note';

const drafts = makeKept('chat', () => ({ kind: 'message' as Kind, text: '' }));

/** What the site or the visitor says of who this is. */
const Who = ({ interaction }: { interaction: Interaction }) => {
  const { visitor } = interaction as {
    visitor?: { verified: boolean; identity: { value: string } | null; email: string | null };
  };
  const claim = visitor?.identity?.value ?? visitor?.email;
  if (!visitor || !claim) return null;
  return <p className="k">{visitor.verified ? t.chat.verified(claim) : t.chat.claimed(claim)}</p>;
};

const Unsent = ({ pending, again, drop }: { pending: Pending; again: () => void; drop: () => void }) => (
  <div className={pending.kind === 'note' ? 'said note' : 'said out'}>
    <div className="bubble">{pending.text || t.timeline.file}</div>
    <p className={pending.error ? 'said-head bad' : 'said-head'} role={pending.error ? 'alert' : 'status'}>
      {pending.error ? `${t.chat.notSent} ${pending.error}` : t.chat.sending}{' '}
      {pending.error && (
        <>
          <button type="button" className="link" onClick={again}>
            {t.chat.again}
          </button>
          <button type="button" className="link" onClick={drop}>
            {t.state.cancel}
          </button>
        </>
      )}
    </p>
  </div>
);

const Kinds = ({ kind, choose }: { kind: Kind; choose: (kind: Kind) => void }) => (
  <fieldset className="plain answer-kinds">
    <legend className="sr-only">{t.chat.kind}</legend>
    {(['message', 'note'] as const).map(one => (
      <button key={one} type="button" className="chip" aria-pressed={kind === one} onClick={() => choose(one)}>
        {one === 'note' ? t.chat.asNote : t.chat.asMessage}
      </button>
    ))}
  </fieldset>
);

const Attach = ({ busy, send }: { busy: boolean; send: (file: File) => Promise<void> }) => {
  const input = useRef<HTMLInputElement>(null);
  const chosen = ({ currentTarget }: ChangeEvent<HTMLInputElement>) => {
    const [file] = currentTarget.files ?? [];
    currentTarget.value = '';
    if (file) void send(file);
  };
  return (
    <>
      <button
        type="button"
        className="btn icon"
        title={t.chat.attach}
        disabled={busy}
        onClick={() => input.current?.click()}
      >
        <Icon name="clip" />
        <span className="sr-only">{t.chat.attach}</span>
      </button>
      <input ref={input} type="file" hidden onChange={chosen} />
    </>
  );
};

/** Sends one file at a time: what it is called while it is on its way, and why the last one was not taken. */
const useFile = (conversation: string, sent: (part: string) => void) => {
  const [name, setName] = useState('');
  const [fault, setFault] = useState('');
  const send = async (file: File) => {
    setFault('');
    setName(file.name);
    const form = new FormData();
    form.set('file', file);
    const path = `/interactions/${encodeURIComponent(conversation)}/files`;
    await upload<{ part: string }>(path, form, () => undefined).then(
      ({ part }) => sent(part),
      (error: Error) => setFault(error.message),
    );
    setName('');
  };
  return { name, fault, send, forget: () => setFault('') };
};

const Write = ({
  conversation,
  talk,
  say,
}: {
  conversation: string;
  talk: Talk;
  say: ReturnType<typeof useAnswers>['say'];
}) => {
  const { kind, text } = drafts.use(conversation);
  const choose = (next: Kind) => drafts.set(conversation, { kind: next });
  const setText = (next: string) => drafts.set(conversation, { text: next });
  const file = useFile(conversation, part => say(kind, '', [part]));
  const typedAt = useRef(0);
  const form = useRef<HTMLFormElement>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  useStaysInView(form);
  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    if (!text.trim()) return;
    say(kind, text);
    setText('');
    file.forget();
    field.current?.focus(); // the button that was pressed can't keep it
  };
  const attach = (chosen: File) => {
    field.current?.focus();
    return file.send(chosen);
  };
  const typed = ({ currentTarget }: ChangeEvent<HTMLTextAreaElement>) => {
    setText(currentTarget.value);
    if (kind === 'note' || Date.now() - typedAt.current < 2000) return; // of a note the visitor hears nothing
    typedAt.current = Date.now();
    tellTyping(conversation);
  };
  const keyed = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    submit();
  };
  const label = kind === 'note' ? t.chat.noteLabel : t.chat.answerLabel;
  return (
    <form ref={form} className={kind === 'note' ? 'answer as-note' : 'answer'} onSubmit={submit}>
      <div className="answer-line">
        <Kinds kind={kind} choose={choose} />
        <p className="k" role="status">
          {talk.types ? t.chat.types(talk.types) : talk.online ? t.chat.online : t.chat.offline}
        </p>
      </div>
      <textarea
        ref={field}
        className="textarea"
        aria-label={label}
        placeholder={label}
        rows={2}
        maxLength={20_000}
        value={text}
        onChange={typed}
        onKeyDown={keyed}
      />
      <Fault error={file.fault} />
      <div className="answer-line">
        <Attach busy={file.name !== ''} send={attach} />
        <p className="k answer-file" role="status">
          {file.name && t.chat.sendingFile(file.name)}
        </p>
        <button type="submit" className="btn pri" disabled={!text.trim()}>
          {kind === 'note' ? t.chat.addNote : t.chat.send}
        </button>
      </div>
    </form>
  );
};

/** Below a chat's messages: what is on its way, and where an agent answers or notes something. Nothing where nobody can be answered. */
export const Answer = ({ interaction }: { interaction: Interaction }) => {
  const talk = useConversation(interaction.id);
  const { pending, say, again, drop } = useAnswers(interaction.id, interaction.messages);
  return (
    <>
      {pending.map(one => (
        <Unsent key={one.id} pending={one} again={() => again(one)} drop={() => drop(one.id)} />
      ))}
      <Who interaction={interaction} />
      {talk.live && <Write conversation={interaction.id} talk={talk} say={say} />}
    </>
  );
};
