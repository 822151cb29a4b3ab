import { type InfiniteData, useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import { api } from '../api/client.ts';
import { pages } from '../api/pages.ts';
import type { NewUser, Page as PageOf, User, UserInput, UserPatch, UserRole } from '../api/types.ts';
import { admin } from '../i18n/admin.en.ts';
import { t } from '../i18n/index.ts';
import { Dialog } from '../ui/Dialog.tsx';
import { Field } from '../ui/Field.tsx';
import { Icon } from '../ui/Icon.tsx';
import { Fault, More, Page, Table, Waiting } from '../ui/Page.tsx';
import { Tag } from '../ui/parts.tsx';
import { say } from '../ui/toast.tsx';
import { Once } from './Once.tsx';
import { RoleField, RoleOptions } from './RoleField.tsx';
import { Tokens } from './Tokens.tsx';
import './users.css';

const a = admin.users;
const key = ['users'];
const roles: UserRole[] = ['agent', 'privacy-officer', 'administrator'];

const withUser = (list: InfiniteData<PageOf<User>>, user: User): InfiniteData<PageOf<User>> => ({
  ...list,
  pages: list.pages.map(page => ({ ...page, items: page.items.map(one => (one.id === user.id ? user : one)) })),
});

const Add = ({ made, close }: { made: (user: NewUser) => void; close: () => void }) => {
  const id = useId();
  const [role, setRole] = useState<UserRole>('agent');
  const add = useMutation({
    mutationFn: (body: Pick<UserInput, 'email' | 'name' | 'role'>) => api<NewUser>('/users', { method: 'POST', body }),
    onSuccess: made,
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    add.mutate({ email: String(form.get('email')), name: String(form.get('name')), role });
  };
  return (
    <Dialog title={a.add} close={close}>
      <form className="stack" onSubmit={submit}>
        <Field id={`${id}n`} label={a.name}>
          <input id={`${id}n`} name="name" className="input" required autoComplete="off" />
        </Field>
        <Field id={`${id}e`} label={a.email}>
          <input id={`${id}e`} name="email" type="email" className="input" required autoComplete="off" />
        </Field>
        <RoleField roles={roles} role={role} choose={setRole} />
        <Fault error={add.error} />
        <div className="row">
          <button type="submit" className="btn pri" disabled={add.isPending}>
            {a.add}
          </button>
        </div>
      </form>
    </Dialog>
  );
};

/** Changes somebody; what was before can be had back for as long as it is said. */
const usePatch = (user: User) => {
  const client = useQueryClient();
  const patch = useMutation({
    mutationFn: ({ body }: { body: UserPatch; before?: UserPatch }) =>
      api<User>(`/users/${encodeURIComponent(user.id)}`, { method: 'PATCH', body }),
    onSuccess: (saved, { before }) => {
      client.setQueryData<InfiniteData<PageOf<User>>>(key, list => list && withUser(list, saved));
      void client.invalidateQueries({ queryKey: key });
      const undo = before && { label: t.state.undo, run: () => patch.mutate({ body: before }) };
      say(t.state.saved, ...(undo ? [undo] : []));
    },
    onError: error => say(error.message),
  });
  return patch;
};

/** Chosen first, given then: an arrow key alone gives no rights away. */
const Role = ({ user, busy, give }: { user: User; busy: boolean; give: (role: UserRole) => void }) => {
  const [role, choose] = useState(user.role);
  const select = useRef<HTMLSelectElement>(null);
  useEffect(() => choose(user.role), [user.role]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (busy || role === user.role) return;
    give(role);
    select.current?.focus(); // the button goes with what it did
  };
  return (
    <form className="row" onSubmit={submit}>
      <select
        ref={select}
        className="select role"
        aria-label={`${a.role}: ${user.name || user.email}`}
        value={role}
        onChange={event => choose(event.target.value as UserRole)}
        onKeyDown={event => event.key === 'Escape' && choose(user.role)}
      >
        <RoleOptions roles={roles} />
      </select>
      {role !== user.role && (
        <button type="submit" className="btn small">
          {a.giveRole}
        </button>
      )}
    </form>
  );
};

const Row = ({ user, me }: { user: User; me: boolean }) => {
  const patch = usePatch(user);
  const change = (body: UserPatch, before: UserPatch) => patch.isPending || patch.mutate({ body, before });
  return (
    <tr>
      <td>
        {user.name || user.email} {me && <span className="k">({a.you})</span>}
        <div className="k">{user.email}</div>
      </td>
      <td>
        {me ? (
          a.roles[user.role]
        ) : (
          <Role user={user} busy={patch.isPending} give={role => change({ role }, { role: user.role })} />
        )}
      </td>
      <td>
        <Tag tone={user.disabled ? 'warn' : 'good'}>{user.disabled ? a.disabled : a.active}</Tag>
      </td>
      <td>
        {!me && (
          <button
            type="button"
            className="btn small"
            onClick={() => change({ disabled: !user.disabled }, { disabled: user.disabled })}
          >
            {user.disabled ? a.enable : a.disable}
          </button>
        )}
      </td>
    </tr>
  );
};

const columns = [{ words: a.name }, { words: a.role }, { words: a.state }, { words: a.disable, quiet: true }];

/** Who may sign in, with which role, and the tokens of other systems. */
const UsersPage = ({ me }: { me: string }) => {
  const client = useQueryClient();
  const list = useInfiniteQuery(pages<User>(key, '/users', { limit: 200 }));
  const [adding, setAdding] = useState(false);
  const [made, setMade] = useState<NewUser | null>(null);
  const done = (user: NewUser) => {
    setAdding(false);
    void client.invalidateQueries({ queryKey: key });
    if (user.password) setMade(user);
  };
  const add = (
    <button type="button" className="btn pri" onClick={() => setAdding(true)}>
      <Icon name="plus" />
      {a.add}
    </button>
  );
  return (
    <Page title={a.title} actions={list.data && add}>
      <Waiting query={list} />
      {list.data && (
        <Table columns={columns}>
          {list.data.pages
            .flatMap(({ items }) => items)
            .map(user => (
              <Row key={user.id} user={user} me={user.id === me} />
            ))}
        </Table>
      )}
      <More list={list} />
      <Tokens />
      {adding && <Add made={done} close={() => setAdding(false)} />}
      {made?.password && (
        <Once title={`${a.password}: ${made.email}`} secret={made.password} close={() => setMade(null)} />
      )}
    </Page>
  );
};

export default UsersPage;
