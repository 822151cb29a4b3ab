import { useSyncExternalStore } from 'react';
import { topic } from '../api/topic.ts';
import { t } from '../i18n/index.ts';

interface Action {
  label: string;
  run: () => void;
}

interface Toast {
  id: number;
  text: string;
  actions: readonly Action[];
}

let toasts: Toast[] = [];
let last = 0;
const changes = topic();
const set = (next: Toast[]) => {
  toasts = next;
  changes.tell();
};
const drop = (id: number) => set(toasts.filter(toast => toast.id !== id));

/** Says something for 8 seconds, with what can be done about it (undo, go there). */
export const say = (text: string, ...actions: Action[]): void => {
  last += 1;
  const id = last;
  set([...toasts.slice(-2), { id, text, actions }]);
  setTimeout(() => drop(id), 8000);
};

export const Toasts = () => {
  const shown = useSyncExternalStore(changes.on, () => toasts);
  return (
    <div className="toasts" role="status" aria-live="polite">
      {shown.map(toast => (
        <div key={toast.id} className="toast">
          <span>{toast.text}</span>
          {toast.actions.map(({ label, run }) => (
            <button
              key={label}
              type="button"
              className="toast-action"
              onClick={() => {
                run();
                drop(toast.id);
              }}
            >
              {label}
            </button>
          ))}
          <button type="button" className="toast-action" onClick={() => drop(toast.id)} aria-label={t.state.close}>
            ×
          </button>
        </div>
      ))}
    </div>
  );
};
