import { useRef } from 'react';
import { admin } from '../i18n/admin.en.ts';
import { t } from '../i18n/index.ts';
import { Dialog } from '../ui/Dialog.tsx';
import { useCopy } from '../ui/useCopy.ts';

/** A secret that is shown this once. */
export const Once = ({ title, secret, close }: { title: string; secret: string; close: () => void }) => {
  const shown = useRef<HTMLElement>(null);
  const { words, copy } = useCopy();
  return (
    <Dialog title={title} close={close}>
      <div className="stack">
        <p className="warn">{admin.users.once}</p>
        <code className="secret" ref={shown}>
          {secret}
        </code>
        <div className="row">
          <button type="button" className="btn" onClick={() => void copy(secret, shown.current)}>
            {words}
          </button>
          <button type="button" className="btn" onClick={close}>
            {t.state.close}
          </button>
        </div>
      </div>
    </Dialog>
  );
};
