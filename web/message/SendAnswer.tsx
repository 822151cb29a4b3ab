import type { FormEvent } from 'react';
import { send } from '../api/client.ts';
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
}

// the id is kept until it is known to be sent: trying again sends it once
const drafts = makeKept<Draft>(
  'answer',
  () => ({ open: false, text: '', id: newId(), state: 'draft', error: null }),
  left => (left.state === 'sending' ? { ...left, state: 'draft', error: words.unknown } : left),
);

const sendDraft = async (interaction: string): Promise<void> => {
  const { id, text, state } = drafts.get(interaction);
  if (!text.trim() || state === 'sending') return;
  drafts.set(interaction, { state: 'sending', error: null });
  const path = `/interactions/${encodeURIComponent(interaction)}/answers`;
  await send(path, { method: 'POST', body: { id, text } }).then(
    () => drafts.set(interaction, { state: 'sent', text: '', id: newId() }),
    (error: Error) => drafts.set(interaction, { state: 'draft', error: `${words.notSent} ${error.message}` }),
  );
};

const Form = ({ interaction }: { interaction: string }) => {
  const { text, state, error } = drafts.use(interaction);
  const sending = state === 'sending';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void sendDraft(interaction);
  };
  return (
    <form className="send-answer" onSubmit={submit}>
      <textarea
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
      {state === 'sent' && !text && (
        <p className="k" role="status">
          {words.sent}
        </p>
      )}
      <div className="send-answer-line">
        <button type="submit" className="btn pri" disabled={!text.trim() || sending}>
          {sending ? words.sending : words.send}
        </button>
        <button type="button" className="btn" onClick={() => drafts.set(interaction, { open: false })}>
          {t.state.cancel}
        </button>
      </div>
    </form>
  );
};

/** Answers the way that it came: a message by its channel, a call by SMS. Nothing where that can't be. */
export const SendAnswer = ({ interaction }: { interaction: Interaction }) => {
  const { open } = drafts.use(interaction.id);
  if (!interaction.canAnswer) return null;
  if (open) return <Form interaction={interaction.id} />;
  return (
    <p>
      <button type="button" className="btn" onClick={() => drafts.set(interaction.id, { open: true })}>
        {words.open[interaction.channel] ?? words.open.sms}
      </button>
    </p>
  );
};
