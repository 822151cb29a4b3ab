import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useEffect, useLayoutEffect, useRef } from 'react';
import { api, isFault } from '../api/client.ts';
import type { Session } from '../api/types.ts';
import { t } from '../i18n/index.ts';
import { Icon } from '../ui/Icon.tsx';
import './sign-in.css';

const why = (error: unknown): string => {
  if (isFault(error) && (error.status === 401 || error.status === 422)) return t.signIn.wrong;
  if (isFault(error) && error.status === 429) return t.signIn.tooMany;
  return error instanceof Error ? error.message : t.problem.unexpected;
};

const signIn = async (form: FormData): Promise<Session> => {
  const body = { email: String(form.get('email')), password: String(form.get('password')) };
  await api('/session', { method: 'POST', body });
  return api<Session>('/session');
};

/** Over the workspace as it was left, which stays behind it, out of sight and reach. */
export const SignInAgain = ({ enter }: { enter: (session: Session) => void }) => {
  const ref = useRef<HTMLDialogElement>(null);
  const show = () => ref.current?.open || ref.current?.showModal();
  useLayoutEffect(() => {
    const dialog = ref.current;
    dialog?.showModal();
    return () => dialog?.close(); // while it is there: gives the focus back
  }, []);
  return (
    <dialog
      ref={ref}
      className="sign-in-over"
      aria-label={t.signIn.title}
      onCancel={event => event.preventDefault()}
      onClose={show} // a browser closes it all the same when Escape is pressed twice
    >
      <SignIn ended enter={enter} />
    </dialog>
  );
};

export const SignIn = ({ ended, enter }: { ended: boolean; enter: (session: Session) => void }) => {
  const attempt = useMutation({ mutationFn: signIn, onSuccess: enter });
  useEffect(() => {
    const before = document.title;
    document.title = `${t.signIn.title} · ${t.app}`;
    return () => {
      document.title = before;
    };
  }, []);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    attempt.mutate(new FormData(event.currentTarget));
  };
  return (
    <main className="sign-in">
      <form className="sign-in-card" onSubmit={submit}>
        <div className="sign-in-brand">
          <Icon name="lock" size={20} />
          <span>{t.app}</span>
        </div>
        <h1>{t.signIn.title}</h1>
        {ended && !attempt.error && <p className="k">{t.signIn.ended}</p>}
        <div className="field">
          <label htmlFor="email">{t.signIn.email}</label>
          <input
            id="email"
            name="email"
            type="email"
            className="input"
            autoComplete="username"
            required
            // biome-ignore lint/a11y/noAutofocus: there is nothing else here
            autoFocus
          />
        </div>
        <div className="field">
          <label htmlFor="password">{t.signIn.password}</label>
          <input
            id="password"
            name="password"
            type="password"
            className="input"
            autoComplete="current-password"
            required
          />
        </div>
        <p className="fault bad" role="alert">
          {attempt.error ? why(attempt.error) : ''}
        </p>
        <button type="submit" className="btn pri" disabled={attempt.isPending}>
          {attempt.isPending ? t.signIn.busy : t.signIn.submit}
        </button>
      </form>
    </main>
  );
};
