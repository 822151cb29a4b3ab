import { useSyncExternalStore } from 'react';
import { t } from '../i18n/index.ts';

interface Toast {
  id: number;
  text: string;
  action?: { label: string; run: () => void };
}

let toasts: Toast[] = [];
let last = 0;
const listeners = new Set<() => void>();
const set = (next: Toast[]) => {
  toasts = next;
  for (const listener of listeners) listener();
};
const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};
const drop = (id: number) => set(toasts.filter(toast => toast.id !== id));

/** Says something for 8 seconds, with an action (undo, go there) if there is one. */
export const say = (text: string, action?: Toast['action']): void => {
  last += 1;
  const id = last;
  set([...toasts.slice(-2), action ? { id, text, action } : { id, text }]);
  setTimeout(() => drop(id), 8000);
};

export const Toasts = () => {
  const shown = useSyncExternalStore(subscribe, () => toasts);
  return (
    <div className="toasts" role="status" aria-live="polite">
      {shown.map(toast => (
        <div key={toast.id} className="toast">
          <span>{toast.text}</span>
          {toast.action && (
            <button
              type="button"
              className="toast-action"
              onClick={() => {
                toast.action?.run();
                drop(toast.id);
              }}
            >
              {toast.action.label}
            </button>
          )}
          <button type="button" className="toast-action" onClick={() => drop(toast.id)} aria-label={t.state.close}>
            ×
          </button>
        </div>
      ))}
    </div>
  );
};
