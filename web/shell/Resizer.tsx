import type { KeyboardEvent, PointerEvent } from 'react';

/** The edge between two panes: drag it, move it with the arrow keys, double-click for the width it came with. */
export const Resizer = ({
  label,
  width,
  set,
  usual,
  side,
}: {
  label: string;
  width: number;
  set: (width: number) => void;
  usual: number;
  /** which side of the edge the pane that gets the width is on */
  side: 'before' | 'after';
}) => {
  const sign = side === 'before' ? 1 : -1;
  const clamp = (value: number) => Math.round(Math.min(560, Math.max(240, value)));
  const drag = (event: PointerEvent<HTMLDivElement>) => {
    const edge = event.currentTarget;
    const from = event.clientX;
    edge.setPointerCapture(event.pointerId);
    edge.onpointermove = move => set(clamp(width + sign * (move.clientX - from)));
    edge.onpointerup = () => {
      edge.onpointermove = null;
    };
  };
  const key = (event: KeyboardEvent) => {
    const step = { ArrowLeft: -16, ArrowRight: 16 }[event.key];
    if (!step) return;
    event.preventDefault();
    set(clamp(width + sign * step));
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a separator that can be focused and moved (WAI-ARIA window splitter); hr can't be either
    <div
      className={`resizer ${side}`}
      role="separator"
      aria-orientation="vertical"
      aria-label={label}
      aria-valuenow={width}
      aria-valuemin={240}
      aria-valuemax={560}
      tabIndex={0}
      onPointerDown={drag}
      onKeyDown={key}
      onDoubleClick={() => set(usual)}
    />
  );
};
