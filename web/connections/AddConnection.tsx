import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useId, useState } from 'react';
import { useLocation } from 'wouter';
import { api } from '../api/client.ts';
import { keys } from '../api/queries.ts';
import type { Account, AccountInput, Connector } from '../api/types.ts';
import { admin } from '../i18n/admin.en.ts';
import { Field } from '../ui/Field.tsx';
import { Fault, Page, Waiting } from '../ui/Page.tsx';
import { ConfigForm } from './ConfigForm.tsx';
import { Ladder, TestButton, useLadder } from './Ladder.tsx';
import { type Provider, providersFor } from './providers.ts';
import { configOf, fieldsOf, type Values, valuesOf } from './schema.ts';
import { useConnectors, useFaults } from './useConnectors.ts';

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

const ProviderField = ({
  providers,
  chosen,
  pick,
}: {
  providers: Provider[];
  chosen: string;
  pick: (name: string) => void;
}) => {
  const id = useId();
  return (
    <Field id={id} label={a.provider} help={providers.find(({ name }) => name === chosen)?.hint}>
      <select id={id} className="select" value={chosen} onChange={event => pick(event.target.value)}>
        <option value="">{a.otherProvider}</option>
        {providers.map(({ name }) => (
          <option key={name}>{name}</option>
        ))}
      </select>
    </Field>
  );
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
  const faults = useFaults(add.error, values);
  const found = useFaults(ladder.climb?.error, values);
  const config = () => configOf(fields, values);
  const set = (path: string, value: string | null) => setValues(before => ({ ...before, [path]: value }));
  const pick = (chosen: string) => {
    setProvider(chosen);
    setValues({ ...values, ...providers.find(other => other.name === chosen)?.values });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate({ connector: connector.id, name, config: config(), state: 'running' });
  };
  return (
    <form className="stack" onSubmit={submit}>
      {providers.length > 0 && <ProviderField providers={providers} chosen={provider} pick={pick} />}
      <Field id={`${id}n`} label={a.name} help={a.nameHelp}>
        <input id={`${id}n`} className="input" value={name} onChange={event => setName(event.target.value)} required />
      </Field>
      <ConfigForm
        fields={fields}
        values={values}
        set={set}
        faults={{ ...found.byPath, ...faults.byPath }}
        secrets={[]}
      />
      <Fault error={faults.rest} />
      {ladder.climb && (
        <Ladder climb={ladder.climb} fields={fields} holds={connector.capabilities.pull ? a.testOkNew : a.testOk} />
      )}
      <div className="row">
        {connector.capabilities.test && <TestButton ladder={ladder} config={config} />}
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
    <Page title={a.add} back={{ href: '/connections', words: a.back }}>
      <Waiting query={connectors} />
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
        {chosen?.capabilities.import && !chosen.capabilities.test && <p className="k">{a.files}</p>}
        {chosen?.capabilities.pull && <p className="k">{a.readsOnly}</p>}
      </div>
    </Page>
  );
};
