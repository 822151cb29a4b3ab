import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useId, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { api } from '../api/client.ts';
import { keys } from '../api/queries.ts';
import type { Account, AccountInput, Connector } from '../api/types.ts';
import { admin } from '../i18n/admin.en.ts';
import { t } from '../i18n/index.ts';
import { Field } from '../ui/Field.tsx';
import { Icon } from '../ui/Icon.tsx';
import { Failed, Skeleton } from '../ui/parts.tsx';
import { ConfigForm } from './ConfigForm.tsx';
import { Ladder, useLadder } from './Ladder.tsx';
import { providersFor } from './providers.ts';
import { configOf, fieldsOf, type Values, valuesOf } from './schema.ts';
import { faultsOf, useConnectors } from './useConnectors.ts';

const a = admin.connections;

const useAdd = () => {
  const client = useQueryClient();
  const [, go] = useLocation();
  return useMutation({
    mutationFn: (body: AccountInput) => api<Account>('/accounts', { method: 'POST', body }),
    onSuccess: account => {
      void client.invalidateQueries({ queryKey: keys.accounts });
      go(`/connections/${encodeURIComponent(account.id)}`);
    },
  });
};

const ConnectorForm = ({ connector }: { connector: Connector }) => {
  const fields = fieldsOf(connector);
  const providers = providersFor(fields.map(({ path }) => path));
  const id = useId();
  const [name, setName] = useState('');
  const [values, setValues] = useState<Values>(() => valuesOf(fields, {}));
  const [provider, setProvider] = useState('');
  const ladder = useLadder(`/connectors/${encodeURIComponent(connector.id)}/test`);
  const add = useAdd();
  const faults = faultsOf(add.error);
  const config = () => configOf(fields, values);
  const pick = (chosen: string) => {
    setProvider(chosen);
    setValues({ ...values, ...providers.find(other => other.name === chosen)?.values });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate({ connector: connector.id, name, config: config(), state: 'running' });
  };
  const hint = providers.find(other => other.name === provider)?.hint;
  return (
    <form className="stack" onSubmit={submit}>
      {providers.length > 0 && (
        <Field id={`${id}p`} label={a.provider} help={hint}>
          <select id={`${id}p`} className="select" value={provider} onChange={event => pick(event.target.value)}>
            <option value="">{a.otherProvider}</option>
            {providers.map(other => (
              <option key={other.name}>{other.name}</option>
            ))}
          </select>
        </Field>
      )}
      <Field id={`${id}n`} label={a.name} help={a.nameHelp}>
        <input id={`${id}n`} className="input" value={name} onChange={event => setName(event.target.value)} required />
      </Field>
      <ConfigForm
        fields={fields}
        values={values}
        set={(path, value) => setValues(before => ({ ...before, [path]: value }))}
        faults={faults.byPath}
        secrets={[]}
      />
      {faults.rest && (
        <p className="bad" role="alert">
          {faults.rest}
        </p>
      )}
      {ladder.climb && <Ladder climb={ladder.climb} />}
      <div className="row">
        {connector.capabilities.test && (
          <button
            type="button"
            className="btn"
            onClick={() => void ladder.start(config())}
            disabled={ladder.climb?.running}
          >
            <Icon name="plug" />
            {ladder.climb?.running ? a.testing : a.test}
          </button>
        )}
        <button type="submit" className="btn pri" disabled={add.isPending}>
          {a.save}
        </button>
      </div>
    </form>
  );
};

/** A new connection: its kind, its settings, the ladder, and then it runs. */
export const AddConnection = () => {
  const connectors = useConnectors();
  const [kind, setKind] = useState('');
  const all = connectors.data?.items ?? [];
  const chosen = all.find(({ id }) => id === kind) ?? all[0];
  const id = useId();
  return (
    <>
      <header className="page-head">
        <div>
          <Link href="/connections" className="hit k">
            ← {a.back}
          </Link>
          <h1>{all.length > 1 || !chosen ? a.add : a.addMailbox}</h1>
        </div>
      </header>
      {connectors.isPending && <Skeleton />}
      {connectors.isError && <Failed error={connectors.error} retry={() => void connectors.refetch()} />}
      <div className="narrow stack">
        {all.length > 1 && (
          <Field id={id} label={a.kind}>
            <select id={id} className="select" value={chosen?.id} onChange={event => setKind(event.target.value)}>
              {all.map(connector => (
                <option key={connector.id} value={connector.id}>
                  {connector.label}
                </option>
              ))}
            </select>
          </Field>
        )}
        {chosen && <ConnectorForm key={chosen.id} connector={chosen} />}
        <p className="k">{t.app} reads only: flags and folders at the source stay as they are.</p>
      </div>
    </>
  );
};
