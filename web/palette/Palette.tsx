import { useLocation } from 'wouter';
import type { Session } from '../api/types.ts';
import { t } from '../i18n/index.ts';
import { destinationsOf } from '../shell/access.ts';
import { Dialog } from '../ui/Dialog.tsx';
import { Icon } from '../ui/Icon.tsx';
import { Finder } from './Finder.tsx';

/** Ctrl-K: a contact or a page by its name. */
const Palette = ({ session, close }: { session: Session; close: () => void }) => {
  const [, navigate] = useLocation();
  const go = (path: string) => {
    close();
    navigate(path);
  };
  const choices = destinationsOf(session.user.role).map(({ id, path, icon }) => ({
    id,
    words: t.nav[id],
    icon: <Icon name={icon} />,
    run: () => go(path),
  }));
  return (
    <Dialog title={t.palette.label} close={close}>
      <Finder
        label={t.palette.label}
        placeholder={t.palette.placeholder}
        choices={choices}
        choose={({ id }) => go(`/contacts/${encodeURIComponent(id)}`)}
      />
    </Dialog>
  );
};

export default Palette;
