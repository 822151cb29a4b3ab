import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useId } from 'react';
import { api, isFault } from '../api/client.ts';
import { t } from '../i18n/index.ts';
import { Field } from '../ui/Field.tsx';
import { Fault } from '../ui/Page.tsx';

const faultAt = (error: unknown, pointer: string): string | undefined =>
  isFault(error) ? error.errors.find(other => other.pointer === pointer)?.detail : undefined;

/** A new password for the one who is signed in, who then signs in anew. */
export const ChangePassword = ({ done }: { done: () => void }) => {
  const client = useQueryClient();
  const id = useId();
  const change = useMutation({
    mutationFn: (body: { current: string; password: string }) => api('/session/password', { method: 'PUT', body }),
    // Every session has ended with the old password: the next call leads to the sign-in page.
    onSuccess: () => {
      done();
      void client.invalidateQueries();
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    change.mutate({ current: String(form.get('current')), password: String(form.get('password')) });
  };
  return (
    <form className="stack" onSubmit={submit}>
      <Field id={`${id}c`} label={t.signIn.current} fault={faultAt(change.error, '/current')}>
        <input
          id={`${id}c`}
          name="current"
          type="password"
          className="input"
          autoComplete="current-password"
          required
        />
      </Field>
      <Field id={`${id}n`} label={t.signIn.next} help={t.signIn.nextHelp} fault={faultAt(change.error, '/password')}>
        <input
          id={`${id}n`}
          name="password"
          type="password"
          className="input"
          autoComplete="new-password"
          minLength={8}
          required
        />
      </Field>
      <Fault error={change.error} />
      <div>
        <button type="submit" className="btn pri" disabled={change.isPending}>
          {t.signIn.change}
        </button>
      </div>
    </form>
  );
};
