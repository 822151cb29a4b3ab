import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from 'react';
import { playtime } from '../../i18n/format.ts';
import { t } from '../../i18n/index.ts';
import { onTheme } from '../../shell/theme.ts';
import type { Peaks } from './peaks.ts';

const barWidth = 2;
const gap = 1;

/** The colours from the style sheet, as computed: a canvas doesn't know custom properties. */
const coloursOf = (canvas: HTMLCanvasElement) => {
  const { color, borderTopColor } = getComputedStyle(canvas);
  return { played: color, ahead: borderTopColor };
};

const heightAt = (channel: readonly number[] | undefined, share: number): number =>
  channel?.[Math.min(channel.length - 1, Math.floor(share * channel.length))] ?? 0;

/** Draws the waveform: the first channel upwards, the second (the other side of the line) downwards. */
const draw = (canvas: HTMLCanvasElement, peaks: Peaks | null, share: number): void => {
  const { clientWidth: width, clientHeight: height } = canvas;
  const scale = devicePixelRatio || 1;
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const pen = canvas.getContext('2d');
  if (!pen) return;
  pen.scale(scale, scale);
  const { played, ahead } = coloursOf(canvas);
  const half = height / 2;
  for (let x = 0; x < width; x += barWidth + gap) {
    const at = x / width;
    const up = Math.max(1, heightAt(peaks?.channels[0], at) * half);
    const down = Math.max(1, heightAt(peaks?.channels[1] ?? peaks?.channels[0], at) * half);
    pen.fillStyle = at < share ? played : ahead;
    pen.fillRect(x, half - up, barWidth, up + down);
  }
};

const useDrawing = (peaks: Peaks | null, share: number) => {
  const ref = useRef<HTMLCanvasElement>(null);
  const [size, setSize] = useState(0);
  useEffect(() => {
    const again = () => setSize(count => count + 1);
    const observer = new ResizeObserver(again);
    if (ref.current) observer.observe(ref.current);
    const off = onTheme(again);
    return () => {
      observer.disconnect();
      off();
    };
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: drawn anew when the size or the theme changes
  useEffect(() => {
    if (ref.current) draw(ref.current, peaks, share);
  }, [peaks, share, size]);
  return ref;
};

const steps: Record<string, number> = {
  ArrowLeft: -5,
  ArrowRight: 5,
  ArrowDown: -5,
  ArrowUp: 5,
  PageDown: -30,
  PageUp: 30,
};

/** The position in a recording, as a slider that shows the waveform. */
export const Waveform = ({
  peaks,
  time,
  duration,
  seek,
}: {
  peaks: Peaks | null;
  time: number;
  duration: number | null;
  seek: (seconds: number) => void;
}) => {
  const whole = duration ?? 0;
  const ref = useDrawing(peaks, whole > 0 ? time / whole : 0);
  const onPointer = (event: PointerEvent<HTMLElement>) => {
    if (event.type === 'pointerdown') event.currentTarget.setPointerCapture(event.pointerId);
    else if (event.buttons !== 1) return;
    const { left, width } = event.currentTarget.getBoundingClientRect();
    seek(Math.max(0, Math.min(1, (event.clientX - left) / width)) * whole);
  };
  const onKey = (event: KeyboardEvent) => {
    const to = event.key === 'Home' ? 0 : event.key === 'End' ? whole : time + (steps[event.key] ?? Number.NaN);
    if (Number.isNaN(to)) return;
    event.preventDefault();
    event.stopPropagation();
    seek(Math.max(0, Math.min(whole, to)));
  };
  return (
    <div
      role="slider"
      tabIndex={0}
      className="wave"
      aria-label={t.player.position}
      aria-valuemin={0}
      aria-valuemax={Math.round(whole)}
      aria-valuenow={Math.round(time)}
      aria-valuetext={t.player.at(playtime(time), playtime(whole))}
      onPointerDown={onPointer}
      onPointerMove={onPointer}
      onKeyDown={onKey}
    >
      <canvas ref={ref} />
    </div>
  );
};
