import { type ReactNode, useLayoutEffect, useRef } from 'react';
import { t } from '../i18n/index.ts';
import { Icon } from './Icon.tsx';

/** The foot of a dialog: what it does, and the way out of it. */
export const DialogRow = ({ close, children }: { close: () => void; children: ReactNode }) => (
  <div className="row">
    {children}
    <button type="button" className="btn" onClick={close}>
      {t.state.cancel}
    </button>
  </div>
);

/** A modal of the browser's own kind: focus stays inside, Escape closes, the page behind is inert. */
export const Dialog = ({
  title,
  close,
  children,
  wide,
}: {
  title: string;
  close: () => void;
  children: ReactNode;
  wide?: boolean;
}) => {
  const ref = useRef<HTMLDialogElement>(null);
  // of a layout effect, the end runs while the dialog is still on the page: only then its closing gives the focus back
  useLayoutEffect(() => {
    const dialog = ref.current;
    if (dialog && !dialog.open) dialog.showModal();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={ref}
      className={wide ? 'dialog wide' : 'dialog'}
      aria-label={title}
      onCancel={event => {
        event.preventDefault();
        close();
      }}
    >
      <header className="dialog-head">
        <h2>{title}</h2>
        <button
          type="button"
          className="btn quiet icon"
          onClick={close}
          aria-label={t.state.close}
          title={t.state.close}
        >
          <Icon name="cross" />
        </button>
      </header>
      <div className="dialog-body">{children}</div>
    </dialog>
  );
};
