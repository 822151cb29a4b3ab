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
  /** the text that was sent under this id, while it isn't known whether it was delivered */
  doubt: string | null;
  /** sending it again wouldn't help, since the hub doesn't know either */
  stuck: boolean;
}

const sure = { error: null, doubt: null, stuck: false } as const;

// the id is kept until the answer is known to be sent: trying again with it sends the answer only once
const drafts = makeKept<Draft>(
  'answer',
  () => ({ open: false, text: '', id: newId(), state: 'draft', ...sure }),
  left => (left.state === 'sending' ? { ...left, state: 'draft', error: words.left, doubt: left.text.trim() } : left),
);

/** Whether this is another message than the one that may have been sent. */
const isAnother = ({ text, doubt, stuck }: Draft): boolean => doubt !== null && (stuck || doubt !== text.trim());

/** The draft after an error: only a refusal means that nothing was sent. */
const after = (error: Error, text: string): Partial<Draft> => {
  const { status, errors } = isFault(error) ? error : { status: 0, errors: [] };
  // another text was sent under this id, so this one needs a new id
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
  // only when the reader has just opened it: a draft that appears with its row must not take the focus
  useEffect(() => {
    if (focus) field.current?.focus();
  }, [focus]);
  const draft = drafts.use(interaction);
  const { text, state, error } = draft;
  const sending = state === 'sending';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    field.current?.focus(); // the pressed button is disabled, and so loses the focus
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

/** A form to answer an interaction: a message by its own channel, a call by SMS. Shows nothing where that isn't possible. */
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
