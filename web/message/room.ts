import { useSyncExternalStore } from 'react';

/** The window in which a mail's HTML is parsed: its document allows styles, but loads and runs nothing. */
export type Room = Window & typeof globalThis;

let room: Room | undefined;
let frame: HTMLIFrameElement | undefined;
const waiting = new Set<() => void>();

/** Opens a hidden frame for that. Not the page's own document, whose content security policy would forbid and report each inline style. */
const open = (): void => {
  if (frame) return;
  frame = document.createElement('iframe');
  frame.hidden = true;
  frame.setAttribute('sandbox', 'allow-same-origin');
  frame.src = '/mail-frame.html';
  frame.addEventListener('load', () => {
    room = (frame?.contentWindow as Room | null) ?? undefined;
    for (const tell of waiting) tell();
  });
  document.body.append(frame);
};

const onOpen = (tell: () => void) => {
  waiting.add(tell);
  open();
  return () => {
    waiting.delete(tell);
  };
};

/** The window; undefined until it is loaded. */
export const useRoom = (): Room | undefined => useSyncExternalStore(onOpen, () => room);
