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
import { initialsOf, nameOf } from '../ui/names.ts';
import { Avatar } from '../ui/parts.tsx';
import './palette.css';

export interface Choice {
  id: string;
  words: string;
  icon: ReactNode;
  run: () => void;
}

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
  const q = useDeferredValue(text.trim());
  const found = useContacts(q);
  const contacts = found.data?.pages[0]?.items.slice(0, q || !choices.length ? 12 : 5) ?? [];
  const others = choices.filter(({ words }) => words.toLowerCase().includes(q.toLowerCase()));
  return (
    <ComboboxProvider setValue={setText} value={text} open focusLoop includesBaseElement>
      <Combobox className="input finder-field" aria-label={label} placeholder={placeholder} autoFocus autoSelect />
      <ComboboxList className="finder-list" aria-label={label} alwaysVisible>
        {contacts.length > 0 && (
          <ComboboxGroup>
            <ComboboxGroupLabel className="finder-label">{t.palette.contacts}</ComboboxGroupLabel>
            {contacts.map(contact => (
              <ComboboxItem
                key={contact.id}
                className="finder-item"
                setValueOnClick={false}
                hideOnClick={false}
                onClick={() => choose(contact)}
              >
                <Avatar initials={initialsOf(contact)} />
                <span className="ellipsis">{nameOf(contact)}</span>
                <span className="k ellipsis">{contact.organisation?.name ?? contact.identifiers[0]?.value}</span>
              </ComboboxItem>
            ))}
          </ComboboxGroup>
        )}
        {others.length > 0 && (
          <ComboboxGroup>
            <ComboboxGroupLabel className="finder-label">{t.palette.pages}</ComboboxGroupLabel>
            {others.map(({ id, words, icon, run }) => (
              <ComboboxItem key={id} className="finder-item" setValueOnClick={false} hideOnClick={false} onClick={run}>
                <span className="finder-icon">{icon}</span>
                {words}
              </ComboboxItem>
            ))}
          </ComboboxGroup>
        )}
      </ComboboxList>
      {found.data && contacts.length === 0 && others.length === 0 && <p className="k finder-none">{t.palette.none}</p>}
    </ComboboxProvider>
  );
};
