import { useSyncExternalStore } from 'react';

/** Where a mail's HTML is read: a window whose document lets styles be, and nothing be loaded or run. */
export type Room = Window & typeof globalThis;

let room: Room | undefined;
let frame: HTMLIFrameElement | undefined;
const waiting = new Set<() => void>();

/**
 * A hidden frame with the document in which mail is shown. What the page itself parses is subject to the page's content security policy,
 * which forbids and reports each inline style.
 */
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

/** Undefined until it is there. */
export const useRoom = (): Room | undefined => useSyncExternalStore(onOpen, () => room);
