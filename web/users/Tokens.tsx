import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useId, useState } from 'react';
import { api } from '../api/client.ts';
import { pages } from '../api/pages.ts';
import { useAccounts } from '../api/queries.ts';
import type { NewToken, Token, TokenInput, TokenRole } from '../api/types.ts';
import { admin } from '../i18n/admin.en.ts';
import { Dialog, DialogRow } from '../ui/Dialog.tsx';
import { Field } from '../ui/Field.tsx';
import { Fault, More, Table, Waiting } from '../ui/Page.tsx';
import { When } from '../ui/parts.tsx';
import { Once } from './Once.tsx';
import { RoleField } from './RoleField.tsx';

const a = admin.users;
const key = ['tokens'];
const roles = Object.keys(a.roles) as TokenRole[];

const AccountField = () => {
  const id = useId();
  const accounts = useAccounts(true);
  return (
    <Field id={id} label={a.account}>
      <select id={id} name="account" className="select" required>
        {accounts.data?.items.map(account => (
          <option key={account.id} value={account.id}>
            {account.name}
          </option>
        ))}
      </select>
    </Field>
  );
};

const Make = ({ made, close }: { made: (token: NewToken) => void; close: () => void }) => {
  const id = useId();
  const [role, setRole] = useState<TokenRole>('agent');
  const make = useMutation({
    mutationFn: (body: TokenInput) => api<NewToken>('/tokens', { method: 'POST', body }),
    onSuccess: made,
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    make.mutate({
      name: String(form.get('name')),
      role,
      account: role === 'source' ? String(form.get('account')) : null,
    });
  };
  return (
    <Dialog title={a.addToken} close={close}>
      <form className="stack" onSubmit={submit}>
        <Field id={`${id}n`} label={a.name}>
          <input id={`${id}n`} name="name" className="input" required />
        </Field>
        <RoleField roles={roles} role={role} choose={setRole} />
        {role === 'source' && <AccountField />}
        <Fault error={make.error} />
        <div className="row">
          <button type="submit" className="btn pri" disabled={make.isPending}>
            {a.addToken}
          </button>
        </div>
      </form>
    </Dialog>
  );
};

const Revoke = ({ token, close }: { token: Token; close: () => void }) => {
  const client = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => api(`/tokens/${encodeURIComponent(token.id)}`, { method: 'DELETE' }),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: key });
      close();
    },
  });
  return (
    <Dialog title={a.revokeTitle(token.name)} close={close}>
      <div className="stack">
        <p>{a.revokeHelp}</p>
        <Fault error={revoke.error} />
        <DialogRow close={close}>
          <button type="button" className="btn danger" onClick={() => revoke.mutate()}>
            {a.revoke}
          </button>
        </DialogRow>
      </div>
    </Dialog>
  );
};

const columns = [{ words: a.name }, { words: a.role }, { words: a.made }, { words: a.revoke, quiet: true }];

const Row = ({ token, account, revoke }: { token: Token; account: string | undefined; revoke: () => void }) => (
  <tr>
    <td>{token.name}</td>
    <td>
      {a.roles[token.role]}
      {account && <div className="k">{account}</div>}
    </td>
    <td>
      <When at={token.createdAt} />
    </td>
    <td>
      <button type="button" className="btn small danger" onClick={revoke}>
        {a.revoke}
      </button>
    </td>
  </tr>
);

/** The tokens that scripts and other systems sign in with. */
export const Tokens = () => {
  const client = useQueryClient();
  const list = useInfiniteQuery(pages<Token>(key, '/tokens'));
  const accounts = useAccounts(true);
  const [making, setMaking] = useState(false);
  const [made, setMade] = useState<NewToken | null>(null);
  const [revoking, setRevoking] = useState<Token | null>(null);
  const done = (token: NewToken) => {
    setMaking(false);
    setMade(token);
    void client.invalidateQueries({ queryKey: key });
  };
  const accountOf = ({ account }: Token) =>
    accounts.data?.items.find(({ id }) => id === account)?.name ?? account ?? undefined;
  const tokens = list.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <section className="stack tight">
      <header className="page-head">
        <h2>{a.tokens}</h2>
        {list.data && (
          <button type="button" className="btn" onClick={() => setMaking(true)}>
            {a.addToken}
          </button>
        )}
      </header>
      <Waiting query={list} rows={3} />
      {list.data && tokens.length === 0 && <p className="k">{a.noTokens}</p>}
      {tokens.length > 0 && (
        <Table columns={columns}>
          {tokens.map(token => (
            <Row key={token.id} token={token} account={accountOf(token)} revoke={() => setRevoking(token)} />
          ))}
        </Table>
      )}
      <More list={list} />
      {making && <Make made={done} close={() => setMaking(false)} />}
      {made && <Once title={`${a.token}: ${made.name}`} secret={made.token} close={() => setMade(null)} />}
      {revoking && <Revoke token={revoking} close={() => setRevoking(null)} />}
    </section>
  );
};
