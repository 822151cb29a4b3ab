import { Fragment, useState } from 'react';
import { playtime } from '../../i18n/format.ts';
import { t } from '../../i18n/index.ts';
import type { Line, Word } from './transcript.ts';

const shownFirst = 6;

/** The word that is being spoken: the last one that has begun. */
const heard = (lines: readonly Line[], time: number): Word | undefined => {
  if (time <= 0) return undefined;
  return lines.flatMap(({ words }) => words).findLast(({ at }) => at !== null && at <= time);
};

const Said = ({ line, now, play }: { line: Line; now: Word | undefined; play: (seconds: number) => void }) =>
  line.words.map((word, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the words of one line never move
    <Fragment key={at}>
      {at > 0 && ' '}
      {word.at === null ? (
        word.text
      ) : (
        <button
          type="button"
          className="word"
          aria-current={word === now ? 'true' : undefined}
          title={playtime(word.at)}
          onClick={() => play(word.at ?? 0)}
        >
          {word.text}
        </button>
      )}
    </Fragment>
  ));

/** A transcript. A click on a word plays from there, where its time is known. */
export const Transcript = ({
  lines,
  time,
  play,
}: {
  lines: readonly Line[];
  time: number;
  play: (seconds: number) => void;
}) => {
  const [whole, setWhole] = useState(false);
  const now = heard(lines, time);
  // no times and no speakers: plain text, the whole width
  const bare = lines.every(({ at, speaker }) => at === null && speaker === null);
  const shown = whole ? lines : lines.slice(0, shownFirst);
  return (
    <>
      <section className={bare ? 'transcript bare' : 'transcript'} aria-label={t.player.transcript}>
        {shown.map((line, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a transcript's lines never move
          <Fragment key={at}>
            <span className="num k">{line.at === null ? '' : playtime(line.at)}</span>
            <span className="speaker ellipsis">{line.speaker ?? ''}</span>
            <p>
              <Said line={line} now={now} play={play} />
            </p>
          </Fragment>
        ))}
      </section>
      {lines.length > shownFirst && (
        <button type="button" className="link" aria-expanded={whole} onClick={() => setWhole(!whole)}>
          {whole ? t.message.less : t.player.whole}
        </button>
      )}
    </>
  );
};
