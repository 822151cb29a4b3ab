import { type ReactNode, Suspense } from 'react';
import { useInteraction } from '../api/queries.ts';
import type { Interaction } from '../api/types.ts';
import { bytes } from '../i18n/format.ts';
import { t } from '../i18n/index.ts';
import { type EntryView, setView, togglePanel, useView } from '../timeline/view.ts';
import { Boundary } from '../ui/Boundary.tsx';
import { Icon } from '../ui/Icon.tsx';
import { lazily } from '../ui/lazily.ts';
import { Failed, Tag } from '../ui/parts.tsx';
import { Body } from './Body.tsx';
import { Call, Recordings } from './call/Call.tsx';
import { callOf, recordingsOf } from './call/details.ts';
import { partAddress } from './inline.ts';
import { Details, Headers, Original, rawPath } from './Panels.tsx';
import { SendAnswer } from './SendAnswer.tsx';
import './message.css';

const Conversation = lazily(() => import('./Conversation.tsx'));

const Notes = ({ interaction }: { interaction: Interaction }) => {
  const { automated, notice, truncated } = interaction;
  if (!automated && !notice && !truncated) return null;
  return (
    <div className="notes">
      {automated && (
        <Tag>
          <Icon name="robot" size={14} />
          {t.message.automated[automated] ?? t.message.automatedOther}
        </Tag>
      )}
      {notice && (
        <p className="notice">
          <Icon name="info" size={14} />
          {notice}
        </p>
      )}
      {truncated && <p className="k">{t.message.truncated}</p>}
    </div>
  );
};

/** The files of a message, except images shown in its text and recordings, which have a player. */
const Files = ({ interaction }: { interaction: Interaction }) => {
  const html = interaction.html ?? '';
  const played = new Set(recordingsOf(interaction).map(({ part }) => part));
  const files = interaction.parts.filter(
    ({ n, inline, cid }) => !played.has(n) && !(inline && cid && html.includes(cid.replace(/^<|>$/g, ''))),
  );
  if (!files.length) return null;
  return (
    <ul className="files" aria-label={t.message.attachments}>
      {files.map(({ n, name, size }) => (
        <li key={n}>
          <a className="file" href={partAddress(interaction.id, n)} download={name ?? ''}>
            <Icon name="clip" size={14} />
            <span className="ellipsis">{name ?? t.message.unnamed(n)}</span>
            <span className="num">· {bytes(size)}</span>
          </a>
        </li>
      ))}
    </ul>
  );
};

const Actions = ({ interaction, entry, view }: { interaction: Interaction; entry: string; view: EntryView }) => {
  const panel = (name: NonNullable<EntryView['panel']>, words: string) => (
    <button type="button" className="link" aria-expanded={view.panel === name} onClick={() => togglePanel(entry, name)}>
      {words}
    </button>
  );
  return (
    <div className="entry-actions">
      {panel('details', t.message.details)}
      {interaction.headers !== null && panel('headers', t.message.headers)}
      {interaction.original && panel('original', t.message.original)}
      {interaction.original && (
        <a className="link" href={`/api/v1${rawPath(interaction.id)}`} download>
          {t.message.download}
        </a>
      )}
      {interaction.html && interaction.text && (
        <button type="button" className="link" onClick={() => setView(entry, { plain: !view.plain })}>
          {view.plain ? t.message.asHtml : t.message.asText}
        </button>
      )}
    </div>
  );
};

/** The content of an interaction: a chat's messages, or text, recordings and files. */
const Content = ({ interaction, entry, view, fallback }: Parameters<typeof Body>[0]) => {
  if (interaction.messages)
    return (
      <Suspense fallback={fallback}>
        <Conversation interaction={interaction} />
      </Suspense>
    );
  const wordless = callOf(interaction) !== null || recordingsOf(interaction).length > 0;
  return (
    <>
      <Call interaction={interaction} />
      {(interaction.text || interaction.html || !wordless) && (
        <Body interaction={interaction} entry={entry} view={view} fallback={fallback} />
      )}
      <Recordings interaction={interaction} />
      <Files interaction={interaction} />
      <SendAnswer interaction={interaction} />
    </>
  );
};

const Broken = () => (
  <p className="bad" role="alert">
    {t.message.broken}
  </p>
);

/** A whole interaction, in its row of the timeline. `fallback` is shown until it is loaded. */
const Message = ({ id, entry, fallback }: { id: string; entry: string; fallback: ReactNode }) => {
  const { data, error, refetch } = useInteraction(id);
  const view = useView(entry);
  if (error && !data) return <Failed error={error} retry={() => void refetch()} />;
  if (!data) return fallback;
  return (
    <div className="message">
      <Notes interaction={data} />
      <Boundary name={view.plain ? 'message as text' : 'message'} fallback={<Broken />}>
        <Content interaction={data} entry={entry} view={view} fallback={fallback} />
      </Boundary>
      <Actions interaction={data} entry={entry} view={view} />
      {view.panel === 'details' && <Details interaction={data} />}
      {view.panel === 'headers' && <Headers interaction={data} />}
      {view.panel === 'original' && <Original interaction={data} />}
    </div>
  );
};

export default Message;
