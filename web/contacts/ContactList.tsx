import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type RefObject, useDeferredValue, useEffect, useRef, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { useContacts } from '../api/queries.ts';
import type { Contact } from '../api/types.ts';
import { t } from '../i18n/index.ts';
import { bindKeys } from '../shell/Keys.tsx';
import { Icon } from '../ui/Icon.tsx';
import { Waiting } from '../ui/Page.tsx';
import { Empty } from '../ui/parts.tsx';
import { ContactRow } from './ContactRow.tsx';

const rowHeight = 56;
const pathOf = (contact: Contact) => `/contacts/${encodeURIComponent(contact.id)}`;

/** `value` once it stood still for 150 ms: one question to the server, not one a letter. */
const useSettled = (value: string): string => {
  const [settled, settle] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => settle(value), value ? 150 : 0);
    return () => clearTimeout(timer);
  }, [value]);
  return useDeferredValue(settled);
};

const Nothing = ({ q, clear, administrator }: { q: string; clear: () => void; administrator: boolean }) =>
  q ? (
    <Empty title={t.contacts.none(q)} icon="find">
      <p className="k">{t.contacts.noneHelp}</p>
      <button type="button" className="btn" onClick={clear}>
        {t.contacts.clear}
      </button>
    </Empty>
  ) : (
    <Empty title={t.contacts.empty} icon="people">
      <p className="k">{t.contacts.emptyHelp}</p>
      {administrator && (
        <div className="row">
          <Link className="btn pri" href="/connections/new">
            {t.contacts.emptyAdmin}
          </Link>
          <Link className="btn" href="/imports">
            {t.contacts.emptyImport}
          </Link>
        </div>
      )}
    </Empty>
  );

const Rows = ({ contacts, chosen, more }: { contacts: Contact[]; chosen: string | undefined; more: () => void }) => {
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: contacts.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: index => contacts[index]?.id ?? index,
    overscan: 8,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (last >= contacts.length - 10) more();
  }, [last, contacts.length, more]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only another choice scrolls, not a list that moved
  useEffect(() => {
    const at = contacts.findIndex(({ id }) => id === chosen);
    if (at >= 0) virtual.scrollToIndex(at, { align: 'auto' });
  }, [chosen]);
  return (
    <div className="list-scroll" ref={scroller}>
      <ul style={{ height: virtual.getTotalSize() }} aria-label={t.contacts.title}>
        {items.map(({ index, key, start }) => {
          const contact = contacts[index];
          return (
            contact && (
              <li key={key} style={{ transform: `translateY(${start}px)` }} aria-setsize={-1} aria-posinset={index + 1}>
                <ContactRow contact={contact} chosen={contact.id === chosen} />
              </li>
            )
          );
        })}
      </ul>
    </div>
  );
};

const Search = ({
  text,
  set,
  found,
  field,
}: {
  text: string;
  set: (text: string) => void;
  /** what this very text finds; undefined until that is known */
  found: Contact[] | undefined;
  field: RefObject<HTMLInputElement | null>;
}) => {
  const [, go] = useLocation();
  const [entered, enter] = useState(false);
  useEffect(() => {
    if (!entered || !found) return;
    enter(false);
    if (found[0]) go(pathOf(found[0]));
  }, [entered, found, go]);
  const key = (event: KeyboardEvent) => {
    if (event.key === 'Escape') set('');
    if (event.key === 'Enter' && !event.nativeEvent.isComposing) enter(true);
    if (event.key !== 'ArrowDown') return;
    event.preventDefault();
    document.querySelector<HTMLElement>('.contact-row')?.focus();
  };
  return (
    <search className="search">
      <Icon name="find" />
      <input
        ref={field}
        type="search"
        value={text}
        onChange={event => {
          enter(false);
          set(event.target.value);
        }}
        onBlur={() => enter(false)}
        onKeyDown={key}
        placeholder={t.contacts.placeholder}
        aria-label={t.contacts.search}
        autoComplete="off"
        spellCheck={false}
      />
      {!text && <kbd>/</kbd>}
    </search>
  );
};

/** `/` goes to the search, `n` and `p` to the next and previous contact. */
const useListKeys = (contacts: Contact[], chosen: string | undefined, field: RefObject<HTMLInputElement | null>) => {
  const [, go] = useLocation();
  useEffect(() => {
    const step = (by: number) => () => {
      const at = contacts.findIndex(({ id }) => id === chosen);
      const next = contacts[at < 0 ? 0 : at + by];
      if (next) go(pathOf(next));
    };
    return bindKeys({ '/': () => field.current?.focus(), n: step(1), p: step(-1) });
  });
};

/** Search as you type over the contacts, newest activity first. */
export const ContactList = ({ chosen, administrator }: { chosen: string | undefined; administrator: boolean }) => {
  const [text, setText] = useState('');
  const q = useSettled(text.trim());
  const list = useContacts(q);
  const field = useRef<HTMLInputElement>(null);
  const contacts = list.data?.pages.flatMap(({ items }) => items) ?? [];
  const known = list.isSuccess && !list.isPlaceholderData && q === text.trim();
  useListKeys(contacts, chosen, field);
  const more = () => {
    if (list.hasNextPage && !list.isFetchingNextPage) void list.fetchNextPage();
  };
  return (
    <>
      <Search text={text} set={setText} found={known ? contacts : undefined} field={field} />
      <p className="sr-only" role="status">
        {q && list.data ? t.contacts.found(contacts.length, list.hasNextPage) : ''}
      </p>
      <Waiting query={list} rows={8} />
      {list.data && contacts.length === 0 && <Nothing q={q} clear={() => setText('')} administrator={administrator} />}
      {contacts.length > 0 && <Rows contacts={contacts} chosen={chosen} more={more} />}
    </>
  );
};
