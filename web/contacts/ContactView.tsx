import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { Link, useLocation, useSearch } from 'wouter';
import { onCatchUp, onContact } from '../api/live.ts';
import { keys, useContact } from '../api/queries.ts';
import type { Contact } from '../api/types.ts';
import { plainDay } from '../i18n/format.ts';
import { t } from '../i18n/index.ts';
import { Resizer } from '../shell/Resizer.tsx';
import { usePane } from '../shell/usePane.ts';
import { Filters } from '../timeline/Filters.tsx';
import { filterOf } from '../timeline/filter.ts';
import { Timeline } from '../timeline/Timeline.tsx';
import { useCounts } from '../timeline/useTimeline.ts';
import { Icon } from '../ui/Icon.tsx';
import { addressOf, initialsOf, nameOf } from '../ui/names.ts';
import { useTitle } from '../ui/Page.tsx';
import { Avatar, Failed, Skeleton, Tag } from '../ui/parts.tsx';
import { useMedia } from '../ui/useMedia.ts';
import { endWords } from './relationship.ts';
import { SidePane } from './SidePane.tsx';

/** One line under the name: where they work, and since when they are a customer. */
const subtitle = (contact: Contact): string => {
  const { startedAt } = contact.relationship;
  const relation = endWords(contact) ?? (startedAt ? t.contact.since(plainDay(startedAt)) : '');
  const address = addressOf(contact);
  return (
    [contact.organisation?.name, relation].filter(Boolean).join(' · ') ||
    (address && address !== nameOf(contact) ? address : '')
  );
};

const Head = ({ contact, side, toggle }: { contact: Contact; side: boolean; toggle: () => void }) => (
  <header className="contact-head">
    <Link href="/contacts" className="btn quiet icon back" aria-label={t.contacts.back}>
      <Icon name="left" />
    </Link>
    <Avatar big initials={initialsOf(contact)} />
    <div className="who">
      <h1>
        {nameOf(contact)} {contact.provisional && <Tag tone="warn">{t.contact.provisional}</Tag>}
      </h1>
      <p className="k">{subtitle(contact)}</p>
    </div>
    <div className="acts">
      <button type="button" className="btn" aria-pressed={side} aria-label={t.contact.side} onClick={toggle}>
        <Icon name="pane" />
        <span className="word">{t.contact.showSide}</span>
      </button>
    </div>
  </header>
);

const useSide = () => {
  const wide = useMedia('(min-width: 1181px)');
  const [pinned, pin] = usePane('side-open', true);
  const [over, setOver] = useState(false);
  return wide ? { side: pinned, setSide: pin } : { side: over, setSide: setOver };
};

const Stream = ({ id, name }: { id: string; name: string }) => {
  const search = useSearch();
  const filter = useMemo(() => filterOf(new URLSearchParams(search)), [search]);
  const counts = useCounts(id, filter);
  return (
    <>
      <Filters filter={filter} counts={counts.data} />
      <Timeline key={`${id}?${JSON.stringify(filter)}`} contact={id} name={name} filter={filter} counts={counts.data} />
    </>
  );
};

const EmptyHead = () => (
  <header className="contact-head">
    <Avatar big initials="" />
    <div className="who tall" />
  </header>
);

/** Leads on from a contact that was merged into another to that one, whose entries are what arrives. */
const useSurvivor = (id: string, survivor: string | undefined): void => {
  const [, go] = useLocation();
  useEffect(() => {
    if (survivor && survivor !== id)
      go(`/contacts/${encodeURIComponent(survivor)}${window.location.search}`, { replace: true });
  }, [id, survivor, go]);
};

/** What others change shows here as well; what was missed while the line was away is asked for. */
const useChanges = (id: string): void => {
  const client = useQueryClient();
  useEffect(() => {
    const again = () => {
      for (const queryKey of [keys.contact(id), ['history', id]]) void client.invalidateQueries({ queryKey });
    };
    const offs = [onContact(changed => changed === id && again()), onCatchUp(again)];
    return () => {
      for (const off of offs) off();
    };
  }, [client, id]);
};

/** A contact: the header, the filters, the timeline and the pane about them. */
const ContactView = ({ id }: { id: string }) => {
  const { data, error, refetch } = useContact(id);
  useSurvivor(id, data?.id);
  useChanges(id);
  const { side, setSide } = useSide();
  const [width, setWidth] = usePane('side', 320);
  const name = data ? nameOf(data) : '';
  useTitle(name || (error ? t.state.failed : t.contacts.title));
  return (
    <div
      className="contact"
      data-side={side ? '' : undefined}
      style={{ '--side-w': `${width}px` } as React.CSSProperties}
    >
      <main className="stream-pane">
        {data && <Head contact={data} side={side} toggle={() => setSide(!side)} />}
        {!data && error && (
          <Failed error={error} retry={() => void refetch()}>
            <Link href="/contacts">{t.contacts.back}</Link>
          </Failed>
        )}
        {!data && !error && <EmptyHead />}
        {!error && <Stream id={id} name={name} />}
      </main>
      {side && (
        <aside className="side-pane" aria-label={t.contact.side}>
          <Resizer label={t.contact.side} width={width} set={setWidth} usual={320} side="after" />
          <button
            type="button"
            className="btn quiet icon side-close"
            onClick={() => setSide(false)}
            aria-label={t.state.close}
          >
            <Icon name="cross" />
          </button>
          {data ? <SidePane contact={data} /> : !error && <Skeleton />}
        </aside>
      )}
    </div>
  );
};

export default ContactView;
