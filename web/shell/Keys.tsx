import { lazy, Suspense, useEffect, useState } from 'react';
import { tinykeys } from 'tinykeys';
import type { Session } from '../api/types.ts';

const loadPalette = () => import('../palette/Palette.tsx');
const Palette = lazy(loadPalette);
const Help = lazy(() => import('../palette/Help.tsx'));

/** True while keys belong to what is being typed or chosen. */
export const typing = (event: Event): boolean => {
  const target = event.target;
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
};

/** Puts single keys on the page; they are off while typing and while a dialog is open. Returns the way off. */
export const bindKeys = (bindings: Record<string, (event: KeyboardEvent) => void>): (() => void) =>
  tinykeys(
    window,
    Object.fromEntries(
      Object.entries(bindings).map(([key, run]) => [
        key,
        (event: KeyboardEvent) => {
          if (event.defaultPrevented || typing(event) || document.querySelector('dialog[open]')) return;
          event.preventDefault();
          run(event);
        },
      ]),
    ),
  );

export const Keys = ({ session }: { session: Session }) => {
  const [open, setOpen] = useState<'palette' | 'help' | null>(null);
  useEffect(
    () =>
      tinykeys(window, {
        '$mod+k': event => {
          event.preventDefault();
          setOpen('palette');
        },
      }),
    [],
  );
  // Loaded when all else is quiet: who presses Ctrl-K types on at once.
  useEffect(() => {
    const timer = setTimeout(() => void loadPalette().catch(() => undefined), 3000);
    return () => clearTimeout(timer);
  }, []);
  useEffect(() => bindKeys({ 'Shift+?': () => setOpen('help'), '?': () => setOpen('help') }), []);
  const close = () => setOpen(null);
  return (
    <Suspense fallback={null}>
      {open === 'palette' && <Palette close={close} session={session} />}
      {open === 'help' && <Help close={close} />}
    </Suspense>
  );
};
