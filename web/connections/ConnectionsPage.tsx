import { useEffect } from 'react';
import { Link } from 'wouter';
import { useAccounts } from '../api/queries.ts';
import type { Account } from '../api/types.ts';
import { admin } from '../i18n/admin.en.ts';
import { t } from '../i18n/index.ts';
import { Icon } from '../ui/Icon.tsx';
import { Empty, Failed, Skeleton } from '../ui/parts.tsx';
import { AccountView } from './AccountView.tsx';
import { AddConnection } from './AddConnection.tsx';
import { Counts, lagWords, StateTag } from './Health.tsx';
import './connections.css';

const a = admin.connections;

const Card = ({ account }: { account: Account }) => (
  <li className="card account">
    <div className="account-head">
      <h2>
        <Link className="hit" href={`/connections/${encodeURIComponent(account.id)}`}>
          {account.name}
        </Link>
      </h2>
      <StateTag account={account} />
      <span className="k">{lagWords(account)}</span>
    </div>
    {account.addresses.length > 0 && <p className="k">{account.addresses.join(', ')}</p>}
    {account.lastError && (
      <p className="fault-card">
        <Icon name="warn" />
        {account.lastError}
      </p>
    )}
    <Counts account={account} />
  </li>
);

const List = () => {
  const accounts = useAccounts(true);
  return (
    <>
      <header className="page-head">
        <div>
          <h1>{a.title}</h1>
          <p className="k">{a.help}</p>
        </div>
        <Link href="/connections/new" className="btn pri">
          <Icon name="plus" />
          {a.add}
        </Link>
      </header>
      {accounts.isPending && <Skeleton />}
      {accounts.isError && !accounts.data && <Failed error={accounts.error} retry={() => void accounts.refetch()} />}
      {accounts.data?.items.length === 0 && (
        <Empty title={a.empty} icon="plug">
          <p className="k">{a.emptyHelp}</p>
          <Link href="/connections/new" className="btn pri">
            {a.addMailbox}
          </Link>
        </Empty>
      )}
      <ul className="stack">
        {accounts.data?.items.map(account => (
          <Card key={account.id} account={account} />
        ))}
      </ul>
    </>
  );
};

/** The connections, one of them, or a new one. */
const ConnectionsPage = ({ id }: { id?: string | undefined }) => {
  useEffect(() => {
    document.title = `${a.title} · ${t.app}`;
  }, []);
  return (
    <main className="page">
      <div className="page-in">
        {!id && <List />}
        {id === 'new' && <AddConnection />}
        {id && id !== 'new' && <AccountView key={id} id={decodeURIComponent(id)} />}
      </div>
    </main>
  );
};

export default ConnectionsPage;
