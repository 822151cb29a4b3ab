import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useId, useState } from 'react';
import { useLocation } from 'wouter';
import { api } from '../api/client.ts';
import { keys } from '../api/queries.ts';
import type { Account, AccountPatch, Connector } from '../api/types.ts';
import { admin } from '../i18n/admin.en.ts';
import { t } from '../i18n/index.ts';
import { Copy } from '../ui/Copy.tsx';
import { Dialog, DialogRow } from '../ui/Dialog.tsx';
import { Field } from '../ui/Field.tsx';
import { Icon } from '../ui/Icon.tsx';
import { Fault, Page, Waiting } from '../ui/Page.tsx';
import { say } from '../ui/toast.tsx';
import { ConfigForm } from './ConfigForm.tsx';
import { Counts, Folders, lagWords, Progress, StateTag } from './Health.tsx';
import { Ladder, TestButton, useLadder } from './Ladder.tsx';
import { configOf, differing, fieldsOf, isForFiles, type Values, valuesOf } from './schema.ts';
import { useConnectors, useFaults } from './useConnectors.ts';

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
  const saved = valuesOf(fields, account.config);
  // only what is changed here, over the settings as they are now: what somebody else saves meanwhile comes in, and stays
  const [changed, setChanged] = useState<Values>({});
  const values = { ...saved, ...changed };
  const [renamed, setRenamed] = useState<string | null>(null);
  const id = useId();
  const save = usePatch(account.id);
  const ladder = useLadder(`${path(account.id)}/test`);
  const faults = useFaults(save.error, values);
  const found = useFaults(ladder.climb?.error, values);
  const config = () => {
    const altered = fields.filter(({ path }) => path in changed);
    return configOf(fields, values, account, altered);
  };
  const set = (name: string, value: string | null) =>
    setChanged(before => differing(saved, { ...before, [name]: value }));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const onSuccess = () => {
      setRenamed(now => (now === renamed ? null : now));
      setChanged(now => differing(changed, now));
      say(t.state.saved);
    };
    const altered = Object.keys(changed).length > 0;
    save.mutate(
      { ...(renamed === null ? {} : { name: renamed }), ...(altered ? { config: config() } : {}) },
      { onSuccess },
    );
  };
  return (
    <form className="stack narrow" onSubmit={submit}>
      <Field id={`${id}n`} label={a.name} help={a.nameHelp}>
        <input
          id={`${id}n`}
          className="input"
          value={renamed ?? account.name}
          onChange={event => setRenamed(event.target.value)}
          required
        />
      </Field>
      <ConfigForm
        fields={fields}
        values={values}
        set={set}
        faults={{ ...found.byPath, ...faults.byPath }}
        secrets={account.secrets}
      />
      <Fault error={faults.rest} />
      {ladder.climb && <Ladder climb={ladder.climb} fields={fields} holds={a.testOk} />}
      <div className="row">
        {connector.capabilities.test && <TestButton ladder={ladder} config={config} />}
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
        <Fault error={remove.error} />
        <DialogRow close={close}>
          <button type="button" className="btn danger" onClick={() => remove.mutate()} disabled={remove.isPending}>
            {a.delete}
          </button>
        </DialogRow>
      </div>
    </Dialog>
  );
};

const Actions = ({ account, connector }: { account: Account; connector: Connector | undefined }) => {
  const patch = usePatch(account.id);
  const [deleting, setDeleting] = useState(false);
  const forFiles = connector !== undefined && isForFiles(account, connector);
  const stops = account.state === 'running' || (forFiles && account.state === 'parked');
  return (
    <>
      {(stops || !forFiles) && (
        <button
          type="button"
          className="btn"
          disabled={patch.isPending}
          onClick={() => patch.mutate({ state: stops ? 'paused' : 'running' })}
        >
          <Icon name={stops ? 'pause' : 'play'} />
          {stops ? a.pause : a.resume}
        </button>
      )}
      <button type="button" className="btn danger" onClick={() => setDeleting(true)}>
        {a.delete}
      </button>
      {deleting && <Delete account={account} close={() => setDeleting(false)} />}
    </>
  );
};

const Section = ({ title, children }: { title: string; children: ReactNode }) => (
  <section className="stack tight">
    <h2>{title}</h2>
    {children}
  </section>
);

const Webhooks = ({ webhooks }: Pick<Account, 'webhooks'>) => (
  <dl className="webhooks">
    {webhooks.map(({ name, url, help }) => (
      <div key={name}>
        <dt>{name}</dt>
        <dd>
          <Copy text={url} label={name} />
          {help && <p className="k">{help}</p>}
        </dd>
      </div>
    ))}
  </dl>
);

/** What is to be known of its settings, and why it stopped, if it did. */
const Notices = ({ account, connector }: { account: Account; connector: Connector | undefined }) => (
  <>
    {connector && isForFiles(account, connector) && <p className="k">{a.forFilesHelp}</p>}
    {account.lastError && (
      <p className="card fault-card" role="alert">
        <Icon name="warn" />
        {account.lastError}
      </p>
    )}
    {account.warnings.map(warning => (
      <p key={warning} className="card warn-card">
        <Icon name="info" />
        {warning}
      </p>
    ))}
  </>
);

/** How one gets to it from outside: addresses to post to, a line for a site's pages. */
const Entrances = ({ account: { webhooks, embed } }: { account: Account }) => (
  <>
    {webhooks.length > 0 && (
      <Section title={a.webhooks}>
        <p className="k">{a.webhooksHelp}</p>
        <Webhooks webhooks={webhooks} />
      </Section>
    )}
    {embed && (
      <Section title={a.embed}>
        <p className="k">{a.embedHelp}</p>
        <Copy text={embed} label={a.embed} />
      </Section>
    )}
  </>
);

const back = { href: '/connections', words: a.back };

/** One connection: its state and what to do about it, its health by folder, its settings. */
export const AccountView = ({ id }: { id: string }) => {
  const query = useQuery({
    queryKey: ['account', id],
    queryFn: ({ signal }) => api<Account>(path(id), { signal }),
    refetchInterval: 3000,
  });
  const connectors = useConnectors();
  const account = query.data;
  if (!account)
    return (
      <Page title={a.title} back={back}>
        <Waiting query={query} />
      </Page>
    );
  const connector = connectors.data?.items.find(other => other.id === account.connector);
  const state = (
    <span className="row">
      <StateTag account={account} connector={connector} /> {lagWords(account, connector)}
    </span>
  );
  return (
    <Page title={account.name} help={state} back={back} actions={<Actions account={account} connector={connector} />}>
      <Notices account={account} connector={connector} />
      <Progress account={account} />
      <Counts account={account} />
      <Entrances account={account} />
      {(account.folders.length > 0 || connector?.capabilities.pull) && (
        <Section title={a.folders}>
          <Folders account={account} />
        </Section>
      )}
      {connector && (
        <Section title={a.settings}>
          <Settings account={account} connector={connector} />
        </Section>
      )}
    </Page>
  );
};
