import { useState } from 'react';
import { admin } from '../i18n/admin.en.ts';
import { t } from '../i18n/index.ts';
import { Dialog } from '../ui/Dialog.tsx';

const a = admin.users;

/** A secret that is shown this once. */
export const Once = ({ title, secret, close }: { title: string; secret: string; close: () => void }) => {
  const [copied, setCopied] = useState(false);
  const copy = () => void navigator.clipboard.writeText(secret).then(() => setCopied(true));
  return (
    <Dialog title={title} close={close}>
      <div className="stack">
        <p className="warn">{a.once}</p>
        <code className="secret">{secret}</code>
        <div className="row">
          <button type="button" className="btn" onClick={copy}>
            {copied ? a.copied : a.copy}
          </button>
          <button type="button" className="btn" onClick={close}>
            {t.state.close}
          </button>
        </div>
      </div>
    </Dialog>
  );
};
