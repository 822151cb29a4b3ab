import { type FormEvent, useEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { isFault, send } from '../api/client.ts';
import type { Interaction } from '../api/types.ts';
import { t } from '../i18n/index.ts';
import { newId } from '../ui/id.ts';
import { makeKept } from '../ui/kept.ts';
import { answerWords as words } from './answer.en.ts';

interface Draft {
  open: boolean;
  text: string;
  id: string;
  state: 'draft' | 'sending' | 'sent';
  error: string | null;
  /** what was sent under this id, when it isn't known whether it went out */
  doubt: string | null;
  /** the same once more doesn't help: the hub doesn't know either */
  stuck: boolean;
}

const sure = { error: null, doubt: null, stuck: false } as const;

// the id is kept until it is known to be sent: trying again sends it once
const drafts = makeKept<Draft>(
  'answer',
  () => ({ open: false, text: '', id: newId(), state: 'draft', ...sure }),
  left => (left.state === 'sending' ? { ...left, state: 'draft', error: words.left, doubt: left.text.trim() } : left),
);

/** Another message than the one that may have gone out. */
const isAnother = ({ text, doubt, stuck }: Draft): boolean => doubt !== null && (stuck || doubt !== text.trim());

/** What is known after a fault: only a refusal says that nothing went out. */
const after = (error: Error, text: string): Partial<Draft> => {
  const { status, errors } = isFault(error) ? error : { status: 0, errors: [] };
  // another text has this id: this one needs one of its own
  if (status === 409 && errors.length > 0) return { ...sure, id: newId(), error: error.message };
  if (status === 409) return { error: error.message, doubt: text, stuck: true };
  if (status === 0 || status >= 500) return { error: error.message, doubt: text, stuck: false };
  return { ...sure, error: `${words.notSent} ${error.message}` };
};

const sendDraft = async (interaction: string): Promise<void> => {
  const draft = drafts.get(interaction);
  const text = draft.text.trim();
  if (!text || draft.state === 'sending') return;
  const id = isAnother(draft) ? newId() : draft.id;
  drafts.set(interaction, { ...sure, id, state: 'sending' });
  const path = `/interactions/${encodeURIComponent(interaction)}/answers`;
  await send(path, { method: 'POST', body: { id, text } }).then(
    () => drafts.set(interaction, { state: 'sent', text: '', id: newId() }),
    (error: Error) => drafts.set(interaction, { state: 'draft', ...after(error, text) }),
  );
};

const Doubt = ({ draft }: { draft: Draft }) =>
  draft.doubt !== null && <p className="warn">{isAnother(draft) ? words.may(draft.doubt) : words.once}</p>;

const Form = ({ interaction, focus, close }: { interaction: string; focus: boolean; close: () => void }) => {
  const field = useRef<HTMLTextAreaElement>(null);
  // only when it was asked for just now: a draft that comes back with its row takes the focus from nobody
  useEffect(() => {
    if (focus) field.current?.focus();
  }, [focus]);
  const draft = drafts.use(interaction);
  const { text, state, error } = draft;
  const sending = state === 'sending';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    field.current?.focus(); // the button that was pressed can't keep it
    void sendDraft(interaction);
  };
  return (
    <form className="send-answer" onSubmit={submit}>
      <textarea
        ref={field}
        className="textarea"
        aria-label={words.label}
        placeholder={words.label}
        rows={3}
        maxLength={1600}
        value={text}
        readOnly={sending}
        onChange={({ currentTarget }) => drafts.set(interaction, { text: currentTarget.value })}
      />
      {error && (
        <p className="bad" role="alert">
          {error}
        </p>
      )}
      <Doubt draft={draft} />
      {state === 'sent' && !text && (
        <p className="k" role="status">
          {words.sent}
        </p>
      )}
      <div className="send-answer-line">
        <button type="submit" className="btn pri" disabled={!text.trim() || sending}>
          {sending ? words.sending : isAnother(draft) ? words.sendAnother : words.send}
        </button>
        <button type="button" className="btn" onClick={close}>
          {t.state.cancel}
        </button>
      </div>
    </form>
  );
};

/** Answers the way that it came: a message by its channel, a call by SMS. Nothing where that can't be. */
export const SendAnswer = ({ interaction }: { interaction: Interaction }) => {
  const { open } = drafts.use(interaction.id);
  const [asked, ask] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  if (!interaction.canAnswer) return null;
  const close = () => {
    flushSync(() => drafts.set(interaction.id, { open: false }));
    button.current?.focus();
  };
  if (open) return <Form interaction={interaction.id} focus={asked} close={close} />;
  const answer = () => {
    ask(true);
    drafts.set(interaction.id, { open: true });
  };
  return (
    <p>
      <button ref={button} type="button" className="btn" onClick={answer}>
        {words.open[interaction.channel] ?? words.open.sms}
      </button>
    </p>
  );
};
