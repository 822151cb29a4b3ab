import { topic } from '../api/topic.ts';

export type Theme = 'system' | 'light' | 'dark';

const choices = topic();

/** The chosen theme; kept as a bare word, because public/theme.js reads it before anything else runs. */
export const theme = (): Theme => {
  const chosen = document.documentElement.dataset.theme;
  return chosen === 'light' || chosen === 'dark' ? chosen : 'system';
};

export const setTheme = (next: Theme): void => {
  if (next === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = next;
  try {
    localStorage.setItem('talteen:theme', next);
  } catch {
    // then it holds until the page is left
  }
  choices.tell();
};

/** Calls `listener` when what is shown turns light or dark. Returns the way off. */
export const onTheme = (listener: () => void): (() => void) => {
  const system = matchMedia('(prefers-color-scheme: dark)');
  const off = choices.on(listener);
  system.addEventListener('change', listener);
  return () => {
    off();
    system.removeEventListener('change', listener);
  };
};

/** Whether the page is dark now. */
export const isDark = (): boolean =>
  theme() === 'dark' || (theme() === 'system' && matchMedia('(prefers-color-scheme: dark)').matches);
