import { useEffect, useState } from 'react';
import type { Part } from '../../api/types.ts';
import { bytes, playtime } from '../../i18n/format.ts';
import { t } from '../../i18n/index.ts';
import { Icon } from '../../ui/Icon.tsx';
import { partAddress } from '../inline.ts';
import { playFrom, rates, seek, setRate, toggle, usePlaying, useRate } from './audio.ts';
import type { RecordingFacts } from './details.ts';
import { mostDrawn, type Peaks, peaksOf } from './peaks.ts';
import { Transcript } from './Transcript.tsx';
import { linesOf } from './transcript.ts';
import { Waveform } from './Waveform.tsx';

const usePeaks = (address: string, size: number): Peaks | null => {
  const [peaks, setPeaks] = useState<Peaks | null>(null);
  useEffect(() => {
    let here = true;
    if (size <= mostDrawn) void peaksOf(address).then(found => here && setPeaks(found));
    return () => {
      here = false;
    };
  }, [address, size]);
  return peaks;
};

const Speed = () => {
  const rate = useRate();
  return (
    <select
      className="chip on speed"
      aria-label={t.player.speed}
      value={rate}
      onChange={event => setRate(Number(event.target.value))}
    >
      {rates.map(one => (
        <option key={one} value={one}>
          {t.player.times(one)}
        </option>
      ))}
    </select>
  );
};

const noticeWords = (notice: boolean | null): string =>
  notice === null ? t.player.notKnown : notice ? t.player.told : t.player.notTold;

const About = ({ recording, part, address }: { recording: RecordingFacts; part: Part; address: string }) => (
  <p className="recording-about">
    {/* null is 'not known' only of a call's recording: nobody is told about a voice message */}
    {recording.told && (
      <span className={recording.notice === false ? 'warn' : undefined}>{noticeWords(recording.notice)}</span>
    )}
    <a className="hit" href={address} download={part.name ?? ''}>
      <span>
        {t.player.download} <span className="num">· {bytes(part.size)}</span>
      </span>
    </a>
  </p>
);

/** The player of one recording: play and pause, position, speed, whether the caller was told, and transcript. */
export const Player = ({
  interaction,
  recording,
  part,
  position,
}: {
  interaction: string;
  recording: RecordingFacts;
  part: Part;
  position: number;
}) => {
  const address = partAddress(interaction, part.n);
  const peaks = usePeaks(address, part.size);
  const { playing, time, duration, failed } = usePlaying(address);
  const whole = duration ?? peaks?.duration ?? recording.durationSeconds;
  const lines = linesOf(recording.transcript);
  return (
    <section className="recording" aria-label={t.player.label(position)}>
      <div className="player">
        <button
          type="button"
          className="play"
          aria-label={playing ? t.player.pause : t.player.play}
          onClick={() => toggle(address)}
        >
          <Icon name={playing ? 'pause' : 'play'} size={14} />
        </button>
        <span className="num k">{playtime(time)}</span>
        <Waveform peaks={peaks} time={time} duration={whole} seek={seconds => seek(address, seconds, whole)} />
        <span className="num k">{whole === null ? '–:––' : playtime(whole)}</span>
        <Speed />
      </div>
      {failed && <p className="bad recording-about">{t.player.failed}</p>}
      {lines.length > 0 && <Transcript lines={lines} time={time} play={seconds => playFrom(address, seconds)} />}
      <About recording={recording} part={part} address={address} />
    </section>
  );
};
