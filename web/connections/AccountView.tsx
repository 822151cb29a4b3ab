import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { api } from '../api/client.ts';
import { keys } from '../api/queries.ts';
import type { Account, AccountPatch, Connector } from '../api/types.ts';
import { admin } from '../i18n/admin.en.ts';
import { t } from '../i18n/index.ts';
import { Dialog } from '../ui/Dialog.tsx';
import { Icon } from '../ui/Icon.tsx';
import { Failed, Skeleton } from '../ui/parts.tsx';
import { say } from '../ui/toast.tsx';
import { ConfigForm } from './ConfigForm.tsx';
import { Counts, Folders, lagWords, Progress, StateTag } from './Health.tsx';
import { Ladder, useLadder } from './Ladder.tsx';
import { configOf, fieldsOf, type Values, valuesOf } from './schema.ts';
import { faultsOf, useConnectors } from './useConnectors.ts';

const a = admin.connections;
const path = (id: string) => `/accounts/${encodeURIComponent(id)}`;

const usePatch = (id: string) => {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: AccountPatch) => api<Account>(path(id), { method: 'PATCH', body }),
    onSuccess: account => {
      client.setQueryData(['account', id], account);
      void client.invalidateQueries({ queryKey: keys.accounts });
    },
    onError: error => say(error.message),
  });
};

const Settings = ({ account, connector }: { account: Account; connector: Connector }) => {
  const fields = fieldsOf(connector);
  const [values, setValues] = useState<Values>(() => valuesOf(fields, account.config));
  const save = usePatch(account.id);
  const ladder = useLadder(`${path(account.id)}/test`);
  const faults = faultsOf(save.error);
  const config = () => configOf(fields, values, account.config);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate({ config: config() }, { onSuccess: () => say(t.state.saved) });
  };
  return (
    <form className="stack narrow" onSubmit={submit}>
      <ConfigForm
        fields={fields}
        values={values}
        set={(name, value) => setValues(before => ({ ...before, [name]: value }))}
        faults={faults.byPath}
        secrets={account.secrets}
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
        <button type="submit" className="btn pri" disabled={save.isPending}>
          {a.saveChanges}
        </button>
      </div>
    </form>
  );
};

const Delete = ({ account, close }: { account: Account; close: () => void }) => {
  const client = useQueryClient();
  const [, go] = useLocation();
  const remove = useMutation({
    mutationFn: () => api(path(account.id), { method: 'DELETE' }),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: keys.accounts });
      go('/connections');
    },
  });
  return (
    <Dialog title={a.deleteTitle(account.name)} close={close}>
      <div className="stack">
        <p>{a.deleteHelp(account.counts.stored)}</p>
        {remove.error && <p className="bad">{remove.error.message}</p>}
        <div className="row">
          <button type="button" className="btn danger" onClick={() => remove.mutate()} disabled={remove.isPending}>
            {a.delete}
          </button>
          <button type="button" className="btn" onClick={close}>
            {t.state.cancel}
          </button>
        </div>
      </div>
    </Dialog>
  );
};

const Head = ({ account }: { account: Account }) => {
  const patch = usePatch(account.id);
  const [deleting, setDeleting] = useState(false);
  const running = account.state === 'running';
  return (
    <header className="page-head">
      <div>
        <Link href="/connections" className="hit k">
          ← {a.back}
        </Link>
        <h1>{account.name}</h1>
        <p className="row">
          <StateTag account={account} /> <span className="k">{lagWords(account)}</span>
        </p>
      </div>
      <div className="row">
        <button
          type="button"
          className="btn"
          disabled={patch.isPending}
          onClick={() => patch.mutate({ state: running ? 'paused' : 'running' })}
        >
          <Icon name={running ? 'pause' : 'play'} />
          {running ? a.pause : a.resume}
        </button>
        <button type="button" className="btn danger" onClick={() => setDeleting(true)}>
          {a.delete}
        </button>
      </div>
      {deleting && <Delete account={account} close={() => setDeleting(false)} />}
    </header>
  );
};

/** One connection: its state and what to do about it, its health by folder, its settings. */
export const AccountView = ({ id }: { id: string }) => {
  const account = useQuery({
    queryKey: ['account', id],
    queryFn: ({ signal }) => api<Account>(path(id), { signal }),
    refetchInterval: 3000,
  });
  const connectors = useConnectors();
  if (account.error && !account.data) return <Failed error={account.error} retry={() => void account.refetch()} />;
  if (!account.data) return <Skeleton />;
  const connector = connectors.data?.items.find(other => other.id === account.data.connector);
  return (
    <>
      <Head account={account.data} />
      {account.data.lastError && (
        <p className="card fault-card" role="alert">
          <Icon name="warn" />
          {account.data.lastError}
        </p>
      )}
      <Progress account={account.data} />
      <Counts account={account.data} />
      <section className="stack tight">
        <h2>{a.folders}</h2>
        <Folders account={account.data} />
      </section>
      {account.data.webhooks.length > 0 && (
        <section className="stack tight">
          <h2>{a.webhooks}</h2>
          <dl className="facts">
            {account.data.webhooks.map(({ name, url }) => (
              <div key={name} className="facts-row">
                <dt>{name}</dt>
                <dd>
                  <code>{url}</code>
                </dd>
              </div>
            ))}
          </dl>
        </section>
      )}
      {connector && (
        <section className="stack tight">
          <h2>{a.settings}</h2>
          <Settings account={account.data} connector={connector} />
        </section>
      )}
    </>
  );
};
