import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useId, useState } from 'react';
import { api } from '../api/client.ts';
import { useAccounts } from '../api/queries.ts';
import type { ContactsImport, InteractionsImport, Page as PageOf } from '../api/types.ts';
import { admin } from '../i18n/admin.en.ts';
import { bytes, count } from '../i18n/format.ts';
import { Field } from '../ui/Field.tsx';
import { Fault, Page, Table, Waiting } from '../ui/Page.tsx';
import { Tag, When } from '../ui/parts.tsx';
import { FilePicker } from './FilePicker.tsx';
import { useImport } from './useImport.ts';
import './imports.css';

const a = admin.imports;
const word = (name: string): string => {
  const words = a[name as keyof typeof a];
  return typeof words === 'string' ? words : name;
};

const StateTag = ({ state }: { state: 'running' | 'done' | 'failed' }) => (
  <Tag {...(state === 'done' ? { tone: 'good' as const } : state === 'failed' ? { tone: 'bad' as const } : {})}>
    {a[state]}
  </Tag>
);

const Numbers = ({ counts }: { counts: Record<string, number> }) => (
  <span className="num">
    {Object.entries(counts)
      .map(([name, value]) => `${count(value)} ${word(name)}`)
      .join(' · ')}
  </span>
);

interface Job {
  state: 'running' | 'done' | 'failed';
  counts: Record<string, number>;
  error: string | null;
}

/** First how much was sent, then what was read and what became of it. */
const Progress = ({ sent, job, error }: { sent: number | null; job: Job | undefined; error: Error | null }) => (
  <div className="import-progress" aria-live="polite">
    {sent !== null && (
      <>
        <progress className="bar" max={1} value={sent} aria-label={a.upload} />
        <p className="k num">{a.uploading(Math.floor(sent * 100))}</p>
      </>
    )}
    {job && (
      <>
        {job.state === 'running' && <progress className="bar" aria-label={a.running} />}
        <p className="row">
          <StateTag state={job.state} />
          <Numbers counts={job.counts} />
        </p>
        {job.state === 'running' && <p className="k">{a.sent}</p>}
        {job.error && <p className="bad">{job.error}</p>}
      </>
    )}
    <Fault error={error} />
  </div>
);

const Panel = ({ title, help, children }: { title: string; help: string; children: ReactNode }) => (
  <section className="card stack">
    <div>
      <h2>{title}</h2>
      <p className="k">{help}</p>
    </div>
    {children}
  </section>
);

const MailImport = () => {
  const client = useQueryClient();
  const accounts = useAccounts(true);
  const [files, setFiles] = useState<File[]>([]);
  const [account, setAccount] = useState('');
  const id = useId();
  const ended = () => void client.invalidateQueries({ queryKey: ['imports'] });
  const { send, sent, error, job } = useImport<InteractionsImport>('/imports', ended);
  const all = (accounts.data?.items ?? []).toSorted(
    (one, other) => Number(other.name === 'imports') - Number(one.name === 'imports'),
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const form = new FormData();
    form.append('account', account || (all[0]?.id ?? ''));
    for (const file of files) form.append('file', file);
    void send(form);
  };
  return (
    <Panel title={a.mail} help={a.mailHelp}>
      <form className="stack" onSubmit={submit}>
        <Field id={id} label={a.account}>
          <select id={id} className="select" value={account} onChange={event => setAccount(event.target.value)}>
            {all.map(other => (
              <option key={other.id} value={other.id}>
                {other.name}
              </option>
            ))}
          </select>
        </Field>
        <FilePicker
          files={files}
          set={setFiles}
          accept=".eml,.emlx,.mbox,.mbx,.zip,.tar,.gz,.csv,.json,.ndjson,.xml,.log,.txt,.wav,.mp3,.ogg,.m4a"
          multiple
        />
        <div>
          <button type="submit" className="btn pri" disabled={!files.length || !all.length || sent !== null}>
            {a.upload}
          </button>
        </div>
        <Progress sent={sent} job={job} error={error} />
      </form>
    </Panel>
  );
};

const ContactsImportForm = () => {
  const client = useQueryClient();
  const [files, setFiles] = useState<File[]>([]);
  const ended = () => void client.invalidateQueries({ queryKey: ['contacts'] });
  const { send, sent, error, job } = useImport<ContactsImport>('/contacts/imports', ended);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const form = new FormData();
    for (const file of files) form.append('file', file);
    void send(form);
  };
  return (
    <Panel title={a.contacts} help={a.contactsHelp}>
      <form className="stack" onSubmit={submit}>
        <FilePicker files={files} set={setFiles} accept=".csv,.tsv,.txt,text/csv" />
        <div>
          <button type="submit" className="btn pri" disabled={!files.length || sent !== null}>
            {a.upload}
          </button>
        </div>
        <Progress sent={sent} job={job} error={error} />
        {job && job.errors.length > 0 && (
          <>
            <p className="warn">{a.faults(job.counts.rejected)}</p>
            <Table columns={[{ words: a.line, num: true }, { words: a.fault }]}>
              {job.errors.map(({ line, detail }) => (
                <tr key={`${line} ${detail}`}>
                  <td className="num">{line}</td>
                  <td>{detail}</td>
                </tr>
              ))}
            </Table>
          </>
        )}
      </form>
    </Panel>
  );
};

const Earlier = () => {
  const list = useQuery({
    queryKey: ['imports'],
    queryFn: ({ signal }) => api<PageOf<InteractionsImport>>('/imports', { query: { limit: 20 }, signal }),
    refetchInterval: 5000,
  });
  return (
    <section className="stack tight">
      <h2>{a.earlier}</h2>
      <Waiting query={list} rows={3} />
      {list.data?.items.length === 0 && <p className="k">{a.none}</p>}
      <ul>
        {list.data?.items.map(({ id, state, counts, files, createdAt, error }) => (
          <li key={id} className="import-row">
            <StateTag state={state} />
            <span className="ellipsis">{files.map(({ name, size }) => `${name} (${bytes(size)})`).join(', ')}</span>
            <Numbers counts={counts} />
            <When at={createdAt} className="k" />
            {error && <span className="bad">{error}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
};

/** Mail archives and lists of contacts, brought in by hand. */
const ImportsPage = () => (
  <Page title={a.title}>
    <div className="import-panels">
      <MailImport />
      <ContactsImportForm />
    </div>
    <Earlier />
  </Page>
);

export default ImportsPage;
