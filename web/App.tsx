import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { isFault, onSessionEnd } from './api/client.ts';
import { startLive, stopLive } from './api/live.ts';
import { keys, useSession } from './api/queries.ts';
import type { Session } from './api/types.ts';
import { SignIn } from './session/SignIn.tsx';
import { Shell } from './shell/Shell.tsx';
import { forgetKept } from './ui/kept.ts';
import { Failed, Skeleton } from './ui/parts.tsx';

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
  const signedIn = Boolean(session.data);
  useEffect(() => {
    if (signedIn) void startLive();
  }, [signedIn]);

  const last = useRef<string>(undefined);
  last.current = session.data?.user.id ?? last.current;
  const enter = (entered: Session) => {
    if (last.current !== entered.user.id) forgetKept();
    setEnded(false);
    client.removeQueries({ predicate: query => query.queryKey[0] !== keys.session[0] });
    client.setQueryData(keys.session, entered);
  };

  if (session.data) return <Shell session={session.data} />;
  if (session.isPending) return <Skeleton rows={3} />;
  if (session.error && !(isFault(session.error) && session.error.status === 401))
    return <Failed error={session.error} retry={() => void session.refetch()} />;
  return <SignIn ended={ended} enter={enter} />;
};
