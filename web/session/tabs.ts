const channel = 'BroadcastChannel' in globalThis ? new BroadcastChannel('talteen:session') : null;

/** Tells the browser's other tabs, which have the same cookie, that somebody signed in or out. */
export const tellTabs = (): void => channel?.postMessage(null);

/** Calls `look` when who is signed in may be another: another tab says so, or this one is looked at again. Returns the way off. */
export const onDoubt = (look: () => void): (() => void) => {
  const seen = () => document.visibilityState === 'visible' && look();
  channel?.addEventListener('message', look);
  document.addEventListener('visibilitychange', seen);
  return () => {
    channel?.removeEventListener('message', look);
    document.removeEventListener('visibilitychange', seen);
  };
};
