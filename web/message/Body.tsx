import { type ReactNode, useEffect, useMemo, useState } from 'react';
import type { Interaction } from '../api/types.ts';
import { t } from '../i18n/index.ts';
import { type EntryView, heightOf, keepHeight, setView } from '../timeline/view.ts';
import { inlineImages } from './inline.ts';
import { MailFrame } from './MailFrame.tsx';
import { splitQuote } from './quotes.ts';
import { type Room, useRoom } from './room.ts';
import { type Clean, sanitise } from './sanitise.ts';

/** Height (px) to which a long message is folded, and by how much it must be higher for that. */
const fold = 400;
const slack = 60;

/** Folds content that is too high, with a button to show all of it. */
const Folded = ({
  entry,
  view,
  height,
  children,
}: {
  entry: string;
  view: EntryView;
  height: number;
  children: ReactNode;
}) => {
  const long = height > fold + slack;
  const folded = long && !view.whole;
  return (
    <>
      <div className={folded ? 'fold folded' : 'fold'} style={folded ? { maxHeight: fold } : undefined}>
        {children}
      </div>
      {long && (
        <button
          type="button"
          className="link"
          aria-expanded={view.whole}
          onClick={() => setView(entry, { whole: !view.whole })}
        >
          {view.whole ? t.message.less : t.message.all}
        </button>
      )}
    </>
  );
};

const QuoteToggle = ({ entry, view }: { entry: string; view: EntryView }) => (
  <button
    type="button"
    className="link"
    aria-expanded={view.quotes}
    onClick={() => setView(entry, { quotes: !view.quotes })}
  >
    {view.quotes ? t.message.hideQuoted : t.message.quoted}
  </button>
);

const useInline = (interaction: Interaction, clean: Clean): ReadonlyMap<string, string> | undefined => {
  const [images, setImages] = useState<ReadonlyMap<string, string> | undefined>(
    clean.cids.length ? undefined : new Map(),
  );
  useEffect(() => {
    let here = true;
    if (clean.cids.length) void inlineImages(interaction, clean.cids).then(found => here && setImages(found));
    return () => {
      here = false;
    };
  }, [interaction, clean]);
  return images;
};

interface Props {
  interaction: Interaction;
  entry: string;
  view: EntryView;
  fallback: ReactNode;
}

const cleaned = new WeakMap<Interaction, Clean>();
const cleanOf = (interaction: Interaction, room: Room): Clean => {
  const known = cleaned.get(interaction) ?? sanitise(interaction.html ?? '', room);
  cleaned.set(interaction, known);
  return known;
};

/** A mail's HTML. Until its height is measured the preview stays, so that the row changes its height only once. */
const Formatted = ({ interaction, entry, view, fallback, room }: Props & { room: Room }) => {
  const clean = useMemo(() => cleanOf(interaction, room), [interaction, room]);
  const inline = useInline(interaction, clean);
  const [height, setHeight] = useState(() => heightOf(entry));
  const measured = (next: number) => {
    keepHeight(entry, next);
    setHeight(next);
  };
  return (
    <>
      {clean.remote && !view.images && (
        <p className="images-note">
          <span>{t.message.images}</span>
          <button type="button" className="btn small" onClick={() => setView(entry, { images: true })}>
            {t.message.showImages}
          </button>
        </p>
      )}
      {height === undefined && fallback}
      <div className={height === undefined ? 'measuring' : undefined}>
        <Folded entry={entry} view={view} height={height ?? 0}>
          {inline ? (
            <MailFrame
              clean={clean}
              inline={inline}
              images={view.images}
              quotes={view.quotes}
              subject={interaction.subject ?? ''}
              height={height}
              measured={measured}
            />
          ) : (
            <div style={{ height: height ?? 0 }} />
          )}
        </Folded>
      </div>
      {clean.quoted && <QuoteToggle entry={entry} view={view} />}
    </>
  );
};

const address = /(https?:\/\/[^\s<>"')\]]+)/g;

const Linked = ({ text }: { text: string }) =>
  text.split(address).map((piece, at) =>
    at % 2 ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one text never move
      <a key={at} href={piece} target="_blank" rel="noopener noreferrer nofollow">
        {piece}
      </a>
    ) : (
      piece
    ),
  );

/** A message as plain text, with the quoted part folded away. */
const Plain = ({ interaction, entry, view }: Props) => {
  const { body, quote } = useMemo(() => splitQuote(interaction.text ?? ''), [interaction]);
  const shown = view.quotes && quote ? `${body}\n\n${quote}` : body;
  const lines = shown.split('\n').reduce((all, line) => all + 1 + Math.floor(line.length / 75), 0);
  return (
    <>
      <Folded entry={entry} view={view} height={lines * 20}>
        <div className="plain-text">
          {shown.trim() ? <Linked text={shown} /> : <span className="k">{t.message.empty}</span>}
        </div>
      </Folded>
      {quote && <QuoteToggle entry={entry} view={view} />}
    </>
  );
};

const Html = (props: Props) => {
  const room = useRoom();
  return room ? <Formatted {...props} room={room} /> : props.fallback;
};

/** The text of an interaction: as HTML, or as plain text when there is no HTML or the reader prefers it. `fallback` is shown until the HTML is ready. */
export const Body = (props: Props) =>
  props.interaction.html && !props.view.plain ? <Html {...props} /> : <Plain {...props} />;
