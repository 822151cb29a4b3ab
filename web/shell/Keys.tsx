import { Suspense, useEffect, useState } from 'react';
import { tinykeys } from 'tinykeys';
import type { Session } from '../api/types.ts';
import { t } from '../i18n/index.ts';
import { Boundary } from '../ui/Boundary.tsx';
import { lazily } from '../ui/lazily.ts';
import { say } from '../ui/toast.tsx';

const loadPalette = () => import('../palette/Palette.tsx');
const loadHelp = () => import('../palette/Help.tsx');
const Palette = lazily(loadPalette);
const Help = lazily(loadHelp);

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
          if (!document.querySelector('dialog[open]')) setOpen('palette');
        },
      }),
    [],
  );
  // Loaded when all else is quiet: who presses Ctrl-K types on at once, and later the network may be away.
  useEffect(() => {
    const load = () => void Promise.all([loadPalette(), loadHelp()]).catch(() => undefined);
    const timer = setTimeout(load, 3000);
    return () => clearTimeout(timer);
  }, []);
  useEffect(() => bindKeys({ 'Shift+?': () => setOpen('help'), '?': () => setOpen('help') }), []);
  const close = () => setOpen(null);
  const failed = () => {
    say(t.state.failed);
    close();
  };
  return (
    <Boundary name={open ?? 'shut'} fallback={null} caught={failed}>
      <Suspense fallback={null}>
        {open === 'palette' && <Palette close={close} session={session} />}
        {open === 'help' && <Help close={close} />}
      </Suspense>
    </Boundary>
  );
};
