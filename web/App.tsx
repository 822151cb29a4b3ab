import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { api, endSession, isFault, onSessionEnd } from './api/client.ts';
import { startLive, stopLive } from './api/live.ts';
import { keys, useSession } from './api/queries.ts';
import type { Session } from './api/types.ts';
import { SignIn, SignInAgain } from './session/SignIn.tsx';
import { onDoubt, tellTabs } from './session/tabs.ts';
import { Shell } from './shell/Shell.tsx';
import { forgetKept, isKept, keepFor } from './ui/kept.ts';
import { Failed, Skeleton } from './ui/parts.tsx';

/** Another user, or the same one with another role, gets a workspace of their own. */
const whose = ({ user }: Session): string => `${user.id} ${user.role}`;

/** Who is signed in decides: the sign-in page, or the workspace at the address that was asked for. */
export const App = () => {
  const session = useSession();
  const client = useQueryClient();
  const [ended, setEnded] = useState(false);

  useEffect(
    () =>
      onSessionEnd(() => {
        if (!client.getQueryData(keys.session)) return;
        stopLive();
        setEnded(true);
        client.setQueryData(keys.session, null);
      }),
    [client],
  );
  if (session.data) keepFor(session.data.user.id);
  const left = session.data === null && !ended;
  useEffect(() => {
    if (!left) return;
    forgetKept();
    tellTabs();
  }, [left]);

  const last = useRef<Session>(undefined);
  last.current = session.data ?? (left ? undefined : last.current);
  const enter = (entered: Session) => {
    const same = last.current && whose(last.current) === whose(entered);
    keepFor(entered.user.id);
    if (!same) client.removeQueries({ predicate: query => query.queryKey[0] !== keys.session[0] });
    client.setQueryData(keys.session, entered);
    setEnded(false); // last: with no session, this is what tells an end from signing out
    if (same) void client.invalidateQueries({ predicate: query => query.queryKey[0] !== keys.session[0] });
  };

  const signedIn = (entered: Session) => {
    enter(entered);
    tellTabs();
  };

  // by one cookie for all tabs: what this page sends goes out as whoever signed in last
  const look = useRef(async (): Promise<string> => '');
  look.current = async () => {
    const now = await api<Session>('/session').catch(error => {
      if (isFault(error) && error.status === 401) endSession();
      throw error;
    });
    const known = client.getQueryData<Session | null>(keys.session);
    if (!known || whose(known) !== whose(now)) enter(now);
    return whose(now);
  };
  useEffect(() => onDoubt(() => void look.current().catch(() => undefined)), []);
  const who = session.data ? whose(session.data) : null;
  useEffect(() => {
    if (!who) return;
    void startLive(async () => (await look.current()) === who);
    if (isKept('answers')) void import('./chat/useAnswers.ts').then(({ resume }) => resume()).catch(() => undefined);
    return stopLive;
  }, [who]);

  if (last.current)
    return (
      <>
        <Shell key={whose(last.current)} session={last.current} />
        {!session.data && <SignInAgain enter={signedIn} />}
      </>
    );
  if (session.isPending) return <Skeleton rows={3} />;
  if (session.error && !(isFault(session.error) && session.error.status === 401))
    return <Failed error={session.error} retry={() => void session.refetch()} />;
  return <SignIn ended={ended} enter={signedIn} />;
};
