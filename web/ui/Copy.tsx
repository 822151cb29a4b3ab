import { useRef } from 'react';
import { Icon } from './Icon.tsx';
import { useCopy } from './useCopy.ts';

/** A text to be used elsewhere, with a button that copies it. `label` says what it is. */
export const Copy = ({ text, label }: { text: string; label: string }) => {
  const shown = useRef<HTMLElement>(null);
  const { copied, words, copy, reset } = useCopy();
  return (
    <span className="copy">
      <code ref={shown}>{text}</code>
      <button type="button" className="btn small" onClick={() => void copy(text, shown.current)} onBlur={reset}>
        <Icon name={copied ? 'check' : 'clip'} size={14} />
        <span aria-live="polite">{words}</span>
        <span className="sr-only"> {label}</span>
      </button>
    </span>
  );
};
