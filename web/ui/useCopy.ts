import { useState } from 'react';
import { t } from '../i18n/index.ts';

type Outcome = 'copied' | 'marked' | null;

/** Marks what is shown and copies it the old way; false where a browser doesn't. */
const copyMarked = (shown: HTMLElement | null): boolean => {
  if (!shown) return false;
  getSelection()?.selectAllChildren(shown);
  return document.execCommand('copy');
};

/** Puts a text on the clipboard. The browser's own call is there on https pages only; without it what `shown` has is marked and copied. */
export const useCopy = () => {
  const [outcome, setOutcome] = useState<Outcome>(null);
  const copy = async (text: string, shown: HTMLElement | null): Promise<void> => {
    const copied = await (navigator.clipboard as Clipboard | undefined)?.writeText(text).then(
      () => true,
      () => false,
    );
    setOutcome(copied || copyMarked(shown) ? 'copied' : 'marked');
  };
  const words = outcome === null ? t.state.copy : outcome === 'copied' ? t.state.copied : t.state.marked;
  return { copied: outcome === 'copied', words, copy, reset: () => setOutcome(null) };
};
