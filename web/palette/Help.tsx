import { t } from '../i18n/index.ts';
import { Dialog } from '../ui/Dialog.tsx';
import './palette.css';

const Help = ({ close }: { close: () => void }) => (
  <Dialog title={t.help.title} close={close}>
    <dl className="keys">
      {t.help.rows.map(([keys, words]) => (
        <div key={keys}>
          <dt>
            {keys.split('  ').map(key => (
              <kbd key={key}>{key}</kbd>
            ))}
          </dt>
          <dd>{words}</dd>
        </div>
      ))}
    </dl>
    <p className="k">{t.help.off}</p>
  </Dialog>
);

export default Help;
