import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../api/client.ts';
import { stopLive } from '../api/live.ts';
import { keys } from '../api/queries.ts';
import type { Session } from '../api/types.ts';
import { zone } from '../i18n/format.ts';
import { t } from '../i18n/index.ts';
import { ChangePassword } from '../session/ChangePassword.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Icon } from '../ui/Icon.tsx';
import { setTheme, type Theme, theme } from './theme.ts';

const themes: Theme[] = ['system', 'light', 'dark'];

const ThemeChoice = () => {
  const [chosen, choose] = useState(theme());
  return (
    <fieldset className="themes">
      <legend>{t.nav.theme}</legend>
      {themes.map(option => (
        <label key={option}>
          <input
            type="radio"
            name="theme"
            className="check"
            checked={chosen === option}
            onChange={() => {
              setTheme(option);
              choose(option);
            }}
          />
          {t.nav.themes[option]}
        </label>
      ))}
    </fieldset>
  );
};

/** Who is signed in, the theme, and the way out. */
export const AccountDialog = ({ session, close }: { session: Session; close: () => void }) => {
  const client = useQueryClient();
  const [changing, setChanging] = useState(false);
  const leave = useMutation({
    mutationFn: () => api('/session', { method: 'DELETE' }),
    onSuccess: () => {
      stopLive();
      client.setQueryData(keys.session, null);
      client.removeQueries({ predicate: query => query.queryKey[0] !== keys.session[0] });
    },
  });
  return (
    <Dialog title={session.user.name || t.nav.menu} close={close}>
      <div className="stack">
        <p className="k">
          {session.user.email} · {session.user.role.replace('-', ' ')} · {t.timeline.where(zone)}
        </p>
        <ThemeChoice />
        {leave.error && <p className="bad">{leave.error.message}</p>}
        {changing && <ChangePassword done={close} />}
        <div className="row">
          {!changing && (
            <button type="button" className="btn" onClick={() => setChanging(true)}>
              <Icon name="key" />
              {t.signIn.change}
            </button>
          )}
          <button type="button" className="btn" onClick={() => leave.mutate()} disabled={leave.isPending}>
            <Icon name="exit" />
            {t.nav.signOut}
          </button>
        </div>
      </div>
    </Dialog>
  );
};
