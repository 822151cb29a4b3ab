import {
  Combobox,
  ComboboxGroup,
  ComboboxGroupLabel,
  ComboboxItem,
  ComboboxList,
  ComboboxProvider,
} from '@ariakit/react';
import { type ReactNode, useDeferredValue, useState } from 'react';
import { useContacts } from '../api/queries.ts';
import type { Contact } from '../api/types.ts';
import { t } from '../i18n/index.ts';
import { addressOf, initialsOf, nameOf } from '../ui/names.ts';
import { Avatar } from '../ui/parts.tsx';
import './palette.css';

export interface Choice {
  id: string;
  words: string;
  icon: ReactNode;
  run: () => void;
}

const item = { className: 'finder-item', setValueOnClick: false, hideOnClick: false } as const;

const Group = ({ words, children }: { words: string; children: ReactNode[] }) =>
  children.length > 0 && (
    <ComboboxGroup>
      <ComboboxGroupLabel className="finder-label">{words}</ComboboxGroupLabel>
      {children}
    </ComboboxGroup>
  );

const ContactItem = ({ contact, choose }: { contact: Contact; choose: (contact: Contact) => void }) => (
  <ComboboxItem {...item} onClick={() => choose(contact)}>
    <Avatar initials={initialsOf(contact)} />
    <span className="ellipsis">{nameOf(contact)}</span>
    <span className="k ellipsis">{contact.organisation?.name ?? addressOf(contact)}</span>
  </ComboboxItem>
);

/** Whether each word begins one of the contact's: what was found for fewer letters must not be chosen by a quick Enter. */
const fits = ({ name, identifiers, organisation }: Contact, q: string): boolean => {
  const text = [name.first, name.last, organisation?.name, ...identifiers.map(({ value }) => value)]
    .join(' ')
    .toLowerCase();
  return q
    .toLowerCase()
    .split(/\s+/)
    .every(word => text.includes(word));
};

/** A field that finds contacts as one types, and whatever other choices it is given. */
export const Finder = ({
  label,
  placeholder,
  choices = [],
  choose,
}: {
  label: string;
  placeholder: string;
  choices?: Choice[];
  choose: (contact: Contact) => void;
}) => {
  const [text, setText] = useState('');
  const q = text.trim();
  const asked = useDeferredValue(q);
  const found = useContacts(asked);
  const old = found.isPlaceholderData || asked !== q;
  const all = found.data?.pages[0]?.items ?? [];
  const contacts = (old ? all.filter(contact => fits(contact, q)) : all).slice(0, q || !choices.length ? 12 : 5);
  const others = choices.filter(({ words }) => words.toLowerCase().includes(q.toLowerCase()));
  return (
    <ComboboxProvider setValue={setText} value={text} open focusLoop includesBaseElement={false}>
      <Combobox className="input finder-field" aria-label={label} placeholder={placeholder} autoFocus autoSelect />
      <ComboboxList className="finder-list" aria-label={label} alwaysVisible>
        <Group words={t.palette.contacts}>
          {contacts.map(contact => (
            <ContactItem key={contact.id} contact={contact} choose={choose} />
          ))}
        </Group>
        <Group words={t.palette.pages}>
          {others.map(({ id, words, icon, run }) => (
            <ComboboxItem key={id} {...item} onClick={run}>
              <span className="finder-icon">{icon}</span>
              {words}
            </ComboboxItem>
          ))}
        </Group>
      </ComboboxList>
      {found.data && contacts.length + others.length === 0 && <p className="k finder-none">{t.palette.none}</p>}
    </ComboboxProvider>
  );
};
