import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useId, useState } from 'react';
import { api, isFault } from '../api/client.ts';
import { keys } from '../api/queries.ts';
import type { Contact, ContactInput, Identifier } from '../api/types.ts';
import { t } from '../i18n/index.ts';
import { Dialog, DialogRow } from '../ui/Dialog.tsx';
import { Field } from '../ui/Field.tsx';
import { Icon } from '../ui/Icon.tsx';
import { identifierWord, isReadable } from '../ui/names.ts';
import { Fault } from '../ui/Page.tsx';
import { say } from '../ui/toast.tsx';
import { changesOf, type Edited, editedOf, sameIdentifiers } from './changes.ts';

type Draft = Identifier & { key: number };
const kinds = Object.keys(t.contact.types).filter(isReadable);

const Identifiers = ({ drafts, set }: { drafts: Draft[]; set: (drafts: Draft[]) => void }) => {
  const change = (key: number, patch: Partial<Identifier>) =>
    set(drafts.map(draft => (draft.key === key ? { ...draft, ...patch } : draft)));
  return (
    <fieldset className="plain">
      <legend>{t.contact.identifiers}</legend>
      {drafts.map(({ key, type, value }) => (
        <div key={key} className="identifier-row">
          {isReadable(type) ? (
            <>
              <select
                className="select"
                aria-label={t.contact.identifierType}
                value={type}
                onChange={event => change(key, { type: event.target.value })}
              >
                {[...new Set([...kinds, type])].map(kind => (
                  <option key={kind} value={kind}>
                    {identifierWord(kind)}
                  </option>
                ))}
              </select>
              <input
                className="input"
                aria-label={t.contact.identifierValue}
                value={value}
                onChange={event => change(key, { value: event.target.value })}
              />
            </>
          ) : (
            <span className="identifier-key">{identifierWord(type)}</span>
          )}
          <button
            type="button"
            className="btn quiet icon"
            aria-label={`${t.contact.remove} ${isReadable(type) ? value : identifierWord(type)}`}
            onClick={() => set(drafts.filter(draft => draft.key !== key))}
          >
            <Icon name="cross" />
          </button>
        </div>
      ))}
      <button
        type="button"
        className="btn small"
        onClick={() =>
          set([...drafts, { key: Math.max(0, ...drafts.map(({ key }) => key)) + 1, type: 'email', value: '' }])
        }
      >
        <Icon name="plus" />
        {t.contact.addIdentifier}
      </button>
    </fieldset>
  );
};

const pathOf = ({ id }: Contact): string => `/contacts/${encodeURIComponent(id)}`;

const textOf = (form: FormData, name: string): string | null => String(form.get(name) ?? '').trim() || null;

const editedIn = (form: FormData, drafts: Draft[]): Edited => ({
  name: { first: textOf(form, 'first'), last: textOf(form, 'last') },
  organisation: textOf(form, 'organisation'),
  relationship: { startedAt: textOf(form, 'started'), endedAt: textOf(form, 'ended') },
  identifiers: drafts.filter(({ value }) => value.trim()).map(({ type, value }) => ({ type, value: value.trim() })),
});

/** What to send for what was made of a contact (`before`); the identifiers are read anew, since they go whole. */
const bodyOf = async (contact: Contact, before: Edited, after: Edited): Promise<ContactInput> => {
  const now = sameIdentifiers(before.identifiers, after.identifiers)
    ? before
    : editedOf(await api<Contact>(pathOf(contact)));
  return { ...changesOf(before, after, now), ...(contact.provisional ? { provisional: false as const } : {}) };
};

const useSave = (contact: Contact, before: Edited, done: () => void) => {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (after: Edited) =>
      api<Contact>(pathOf(contact), { method: 'PATCH', body: await bodyOf(contact, before, after) }),
    onSuccess: saved => {
      client.setQueryData(keys.contact(contact.id), saved);
      for (const queryKey of [['contacts'], ['timeline', contact.id], ['history', contact.id], keys.unlinked])
        void client.invalidateQueries({ queryKey });
      say(t.state.saved);
      done();
    },
  });
};

const Facts = ({ contact, faultAt }: { contact: Contact; faultAt: (pointer: string) => string | undefined }) => {
  const id = useId();
  const field = (name: string, label: string, value: string | null | undefined, pointer: string, type = 'text') => (
    <Field id={id + name} label={label} fault={faultAt(pointer)}>
      <input id={id + name} name={name} type={type} className="input" defaultValue={value ?? ''} />
    </Field>
  );
  const { name, organisation, relationship } = contact;
  return (
    <>
      <div className="two">
        {field('first', t.contact.first, name.first, '/name/first')}
        {field('last', t.contact.last, name.last, '/name/last')}
      </div>
      {field('organisation', t.contact.organisation, organisation?.name, '/organisation')}
      <div className="two">
        {field('started', t.contact.started, relationship.startedAt, '/relationship/startedAt', 'date')}
        {field('ended', t.contact.endedOn, relationship.endedAt, '/relationship/endedAt', 'date')}
      </div>
    </>
  );
};

/** Changes name, organisation, relationship and identifiers; what the server refuses is said at the field. */
const EditContact = ({ contact, close }: { contact: Contact; close: () => void }) => {
  const [drafts, setDrafts] = useState<Draft[]>(contact.identifiers.map((identifier, key) => ({ ...identifier, key })));
  // as it was when the dialog opened: only what is changed here is sent
  const [before] = useState(() => editedOf(contact));
  const save = useSave(contact, before, close);
  const faultAt = (pointer: string) =>
    isFault(save.error) ? save.error.errors.find(error => error.pointer?.startsWith(pointer))?.detail : undefined;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    save.mutate(editedIn(new FormData(event.currentTarget), drafts));
  };
  return (
    <Dialog title={t.contact.editTitle} close={close}>
      <form className="stack" onSubmit={submit}>
        <Facts contact={contact} faultAt={faultAt} />
        <Identifiers drafts={drafts} set={setDrafts} />
        <Fault error={faultAt('/identifiers') ?? save.error} />
        <DialogRow close={close}>
          <button type="submit" className="btn pri" disabled={save.isPending}>
            {t.state.save}
          </button>
        </DialogRow>
      </form>
    </Dialog>
  );
};

export default EditContact;
