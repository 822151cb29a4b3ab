import { useState } from 'react';
import { t } from '../i18n/index.ts';
import { Icon } from './Icon.tsx';

/** A text to be used elsewhere, with a button that copies it. `label` says what it is. */
export const Copy = ({ text, label }: { text: string; label: string }) => {
  const [copied, setCopied] = useState(false);
  const copy = () =>
    navigator.clipboard
      .writeText(text)
      .then(() => setCopied(true))
      .catch(() => undefined); // it can be marked by hand all the same
  return (
    <span className="copy">
      <code>{text}</code>
      <button type="button" className="btn small" onClick={() => void copy()} onBlur={() => setCopied(false)}>
        <Icon name={copied ? 'check' : 'clip'} size={14} />
        <span aria-live="polite">{copied ? t.state.copied : t.state.copy}</span>
        <span className="sr-only"> {label}</span>
      </button>
    </span>
  );
};
