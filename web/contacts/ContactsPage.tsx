import { Suspense } from 'react';
import type { Session } from '../api/types.ts';
import { t } from '../i18n/index.ts';
import { Resizer } from '../shell/Resizer.tsx';
import { usePane } from '../shell/usePane.ts';
import { Boundary } from '../ui/Boundary.tsx';
import { lazily } from '../ui/lazily.ts';
import { useTitle } from '../ui/Page.tsx';
import { Empty, Skeleton } from '../ui/parts.tsx';
import { ContactList } from './ContactList.tsx';
import './contacts.css';

const ContactView = lazily(() => import('./ContactView.tsx'));

/** The list of contacts and, beside it, the chosen one's timeline. */
export const ContactsPage = ({ id, session }: { id: string | undefined; session: Session }) => {
  const [width, setWidth] = usePane('list', 320);
  useTitle(id ? '' : t.contacts.title);
  return (
    <div
      className="contacts"
      data-open={id ? '' : undefined}
      style={{ '--list-w': `${width}px` } as React.CSSProperties}
    >
      <section className="list-pane" aria-label={t.contacts.title}>
        {!id && <h1 className="sr-only">{t.contacts.title}</h1>}
        <Boundary name="list">
          <ContactList chosen={id} administrator={session.user.role === 'administrator'} />
        </Boundary>
        <Resizer label={t.contacts.resize} width={width} set={setWidth} usual={320} side="before" />
      </section>
      {id ? (
        <Suspense fallback={<Skeleton />}>
          <Boundary name={id}>
            <ContactView key={id} id={id} />
          </Boundary>
        </Suspense>
      ) : (
        <main className="stream-pane none">
          <Empty title={t.contacts.choose} icon="people">
            <p className="k">{t.contacts.chooseHelp}</p>
          </Empty>
        </main>
      )}
    </div>
  );
};
