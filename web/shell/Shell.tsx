import { Suspense, useEffect, useState, useSyncExternalStore } from 'react';
import { Link, Redirect, Route, Switch, useLocation } from 'wouter';
import { liveState, onLiveState } from '../api/live.ts';
import type { Session } from '../api/types.ts';
import { ContactsPage } from '../contacts/ContactsPage.tsx';
import { useContactArrivals } from '../contacts/useContactArrivals.ts';
import { t } from '../i18n/index.ts';
import { useArrivals } from '../timeline/useTimeline.ts';
import { Boundary } from '../ui/Boundary.tsx';
import { Icon } from '../ui/Icon.tsx';
import { lazily } from '../ui/lazily.ts';
import { Page } from '../ui/Page.tsx';
import { Skeleton } from '../ui/parts.tsx';
import { Toasts } from '../ui/toast.tsx';
import { useMedia } from '../ui/useMedia.ts';
import { Keys } from './Keys.tsx';
import { Nav } from './Nav.tsx';
import { usePane } from './usePane.ts';
import './shell.css';

const UnlinkedPage = lazily(() => import('../unlinked/UnlinkedPage.tsx'));
const ConnectionsPage = lazily(() => import('../connections/ConnectionsPage.tsx'));
const QuarantinePage = lazily(() => import('../quarantine/QuarantinePage.tsx'));
const ImportsPage = lazily(() => import('../imports/ImportsPage.tsx'));
const UsersPage = lazily(() => import('../users/UsersPage.tsx'));
const AccessLogPage = lazily(() => import('../accesslog/AccessLogPage.tsx'));

const online = (listener: () => void) => {
  addEventListener('online', listener);
  addEventListener('offline', listener);
  return () => {
    removeEventListener('online', listener);
    removeEventListener('offline', listener);
  };
};

/** One quiet line when the page can't know what is new. */
const Offline = () => {
  const isOnline = useSyncExternalStore(online, () => navigator.onLine);
  const live = useSyncExternalStore(onLiveState, liveState);
  const text = isOnline ? (live === 'away' ? t.state.notLive : '') : t.state.offline;
  return (
    <div className="offline" role="status" hidden={!text}>
      {text}
    </div>
  );
};

const Pages = ({ session }: { session: Session }) => (
  <Suspense fallback={<Skeleton />}>
    <Switch>
      <Route path="/">
        <Redirect to="/contacts" replace />
      </Route>
      <Route path="/contacts/:id?">
        {({ id }) => <ContactsPage id={id ? decodeURIComponent(id) : undefined} session={session} />}
      </Route>
      <Route path="/unlinked">
        <UnlinkedPage />
      </Route>
      <Route path="/connections/:id?">{({ id }) => <ConnectionsPage id={id} />}</Route>
      <Route path="/quarantine">
        <QuarantinePage />
      </Route>
      <Route path="/imports">
        <ImportsPage />
      </Route>
      <Route path="/users">
        <UsersPage me={session.user.id} />
      </Route>
      <Route path="/access-log">
        <AccessLogPage />
      </Route>
      <Route>
        <Page title={t.state.missing}>
          <Link href="/contacts">{t.state.toContacts}</Link>
        </Page>
      </Route>
    </Switch>
  </Suspense>
);

/** The workspace around every page: navigation, the page, what is said about the line, keys. */
export const Shell = ({ session }: { session: Session }) => {
  const [path] = useLocation();
  useArrivals();
  useContactArrivals();
  const [nav, setNav] = usePane<'auto' | 'wide' | 'narrow'>('nav', 'auto');
  const [menu, setMenu] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another page closes the menu
  useEffect(() => setMenu(false), [path]);
  const small = useMedia('(max-width: 1360px)');
  const narrow = nav === 'narrow' || (nav === 'auto' && small);
  return (
    <div className="shell" data-nav={narrow ? 'narrow' : 'wide'} data-menu={menu || undefined}>
      <a className="skip" href="#content">
        {t.nav.skip}
      </a>
      <header className="topbar">
        <button
          type="button"
          className="btn quiet icon"
          aria-expanded={menu}
          aria-controls="nav"
          onClick={() => setMenu(!menu)}
        >
          <Icon name="menu" />
          <span className="sr-only">{t.nav.label}</span>
        </button>
        <strong>{t.app}</strong>
      </header>
      <Nav session={session} narrow={narrow} toggle={() => setNav(narrow ? 'wide' : 'narrow')} />
      <div className="content" id="content" tabIndex={-1}>
        <Offline />
        <Boundary name={path}>
          <Pages session={session} />
        </Boundary>
      </div>
      <Toasts />
      <Keys session={session} />
    </div>
  );
};
