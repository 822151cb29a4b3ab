import { useQuery } from '@tanstack/react-query';
import { Suspense, useState } from 'react';
import { Link } from 'wouter';
import { api } from '../api/client.ts';
import { useSession } from '../api/queries.ts';
import type { Contact, Identifier, Page } from '../api/types.ts';
import { date, plainDay } from '../i18n/format.ts';
import { t } from '../i18n/index.ts';
import { sees } from '../shell/access.ts';
import { periodWords } from '../timeline/retention.ts';
import { Icon } from '../ui/Icon.tsx';
import { lazily } from '../ui/lazily.ts';
import { identifierWord, isReadable } from '../ui/names.ts';
import { Tag } from '../ui/parts.tsx';
import { History } from './History.tsx';
import { endWords } from './relationship.ts';

const EditContact = lazily(() => import('./EditContact.tsx'));

/** How long a retention policy keeps what it is for, in words; no-break space until that is known. */
const useKept = (policy: string): string => {
  const { data } = useQuery({
    queryKey: ['policies'],
    queryFn: ({ signal }) => api<Page<{ id: string; period: string }>>('/policies', { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const period = data?.items.find(({ id }) => id === policy)?.period;
  return period ? periodWords(period) : '\u00a0';
};

const Identifiers = ({ identifiers }: { identifiers: Identifier[] }) => {
  const types = [...new Set(identifiers.map(({ type }) => type))];
  return types.map(type => {
    const values = identifiers.filter(identifier => identifier.type === type).map(({ value }) => value);
    const shown = isReadable(type) ? values : [t.contact.browsers(values.length)];
    return (
      <div key={type} className="facts-row">
        <dt>{identifierWord(type)}</dt>
        <dd>
          {shown.map(words => (
            <div key={words}>{words}</div>
          ))}
        </dd>
      </div>
    );
  });
};

/** The customer relationship, and what it means for how long things are kept. */
const Relationship = ({ contact }: { contact: Contact }) => {
  const kept = useKept(contact.provisional ? 'unknown-sender' : 'customer-relationship');
  if (contact.provisional) return <p className="card k">{t.contact.provisionalKeep(kept)}</p>;
  const { startedAt } = contact.relationship;
  const end = endWords(contact);
  const since = startedAt ? t.contact.since(plainDay(startedAt)) : t.contact.lasting;
  const help = end ? t.contact.endedHelp(kept) : startedAt ? t.contact.lastsHelp(kept) : t.contact.noDatesHelp;
  return (
    <div className="card">
      <p>
        <span className={end ? 'warn' : 'good'} aria-hidden="true">
          ●
        </span>{' '}
        {end ?? since}
      </p>
      <p className="k">{help}</p>
    </div>
  );
};

const Known = ({ contact }: { contact: Contact }) => (
  <dl className="facts">
    <Identifiers identifiers={contact.identifiers} />
    <div className="facts-row">
      <dt>{t.contact.organisation}</dt>
      <dd>{contact.organisation?.name ?? <span className="k">{t.contact.noOrganisation}</span>}</dd>
    </div>
    {contact.externalId && (
      <div className="facts-row">
        <dt>{t.contact.externalId}</dt>
        <dd>{contact.externalId}</dd>
      </div>
    )}
  </dl>
);

/** What is known about a contact. */
export const SidePane = ({ contact }: { contact: Contact }) => {
  const [editing, edit] = useState(false);
  const [showHistory, setShowHistory] = useState(false);
  const { data: session } = useSession();
  return (
    <div className="side-in">
      {contact.provisional && (
        <section>
          <Tag tone="warn">{t.contact.provisional}</Tag>
          <p className="k spaced">{t.contact.provisionalHelp}</p>
        </section>
      )}
      <section>
        <h2>{t.contact.identifiers}</h2>
        <Known contact={contact} />
      </section>
      <section>
        <h2>{t.contact.relationship}</h2>
        <Relationship contact={contact} />
      </section>
      <section className="row">
        <button type="button" className="btn" onClick={() => edit(true)}>
          {t.contact.edit}
        </button>
        <button
          type="button"
          className="btn quiet"
          aria-expanded={showHistory}
          onClick={() => setShowHistory(!showHistory)}
        >
          <Icon name="clock" />
          {t.contact.history}
        </button>
        {session && sees(session.user.role, 'accessLog') && (
          <Link className="btn quiet" href={`/access-log?contact=${encodeURIComponent(contact.id)}`}>
            <Icon name="eye" />
            {t.contact.seenBy}
          </Link>
        )}
      </section>
      {showHistory && <History id={contact.id} />}
      <p className="k">
        {t.contact.created} {date(new Date(contact.createdAt))}
      </p>
      <Suspense fallback={null}>{editing && <EditContact contact={contact} close={() => edit(false)} />}</Suspense>
    </div>
  );
};
