import { Link } from 'wouter';
import { useAccounts } from '../api/queries.ts';
import type { Account, Connector } from '../api/types.ts';
import { admin } from '../i18n/admin.en.ts';
import { Icon } from '../ui/Icon.tsx';
import { Page, Waiting } from '../ui/Page.tsx';
import { Empty } from '../ui/parts.tsx';
import { AccountView } from './AccountView.tsx';
import { AddConnection } from './AddConnection.tsx';
import { Counts, lagWords, StateTag } from './Health.tsx';
import { useConnectors } from './useConnectors.ts';
import './connections.css';

const a = admin.connections;

const Card = ({ account, connector }: { account: Account; connector: Connector | undefined }) => (
  <li className="card account">
    <div className="account-head">
      <h2>
        <Link className="hit" href={`/connections/${encodeURIComponent(account.id)}`}>
          {account.name}
        </Link>
      </h2>
      <StateTag account={account} connector={connector} />
      <span className="k">{[connector?.label, lagWords(account, connector)].filter(Boolean).join(' · ')}</span>
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
  const connectors = useConnectors();
  const kinds = new Map(connectors.data?.items.map(connector => [connector.id, connector]));
  const add = (
    <Link href="/connections/new" className="btn pri">
      <Icon name="plus" />
      {a.add}
    </Link>
  );
  return (
    <Page title={a.title} help={a.help} actions={add}>
      <Waiting query={accounts} />
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
          <Card key={account.id} account={account} connector={kinds.get(account.connector)} />
        ))}
      </ul>
    </Page>
  );
};

/** The connections, one of them, or a new one. */
const ConnectionsPage = ({ id }: { id?: string | undefined }) => {
  if (!id) return <List />;
  return id === 'new' ? <AddConnection /> : <AccountView key={id} id={decodeURIComponent(id)} />;
};

export default ConnectionsPage;
