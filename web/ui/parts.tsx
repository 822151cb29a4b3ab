import { type ReactNode, useEffect, useState } from 'react';
import { isFault } from '../api/client.ts';
import { exact, relative } from '../i18n/format.ts';
import { t } from '../i18n/index.ts';
import { Icon } from './Icon.tsx';
import { useToday } from './today.ts';

/** `unsure`: nobody said yet who that is; the words for it. */
export const Avatar = ({ initials, big, unsure }: { initials: string; big?: boolean; unsure?: string | undefined }) => (
  <span className={big ? 'avatar big' : 'avatar'} data-unsure={Boolean(unsure)} title={unsure} aria-hidden="true">
    {initials}
  </span>
);

/** A time as the lists show it; the whole of it, with the zone, on hover. */
export const When = ({ at, className }: { at: string; className?: string }) => {
  const date = new Date(at);
  useToday();
  return (
    <time className={className} dateTime={at} title={exact(date)}>
      {relative(date)}
    </time>
  );
};

/** Grey lines in the place of what comes; only after 200 ms, so that quick answers don't flash. */
export const Skeleton = ({ rows = 6, label = t.state.loading }: { rows?: number; label?: string }) => {
  const [shown, show] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => show(true), 200);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className="skeleton" role="status" aria-label={label}>
      {shown && Array.from({ length: rows }, (_, row) => row).map(row => <div key={row} className="bone" />)}
    </div>
  );
};

/** An empty view says what it is and what to do next. */
export const Empty = ({ title, children, icon }: { title: string; children?: ReactNode; icon?: string }) => (
  <div className="empty">
    {icon && <Icon name={icon} size={24} />}
    <p className="empty-title">{title}</p>
    {children}
  </div>
);

/** A failed view: why, in words, and a way on (`children`: another one). A missing permission has no retry. */
export const Failed = ({ error, retry, children }: { error: unknown; retry?: () => void; children?: ReactNode }) => {
  const status = isFault(error) ? error.status : 500;
  if (status === 403)
    return (
      <Empty title={t.state.forbidden} icon="lock">
        <p className="k">{t.state.forbiddenHelp}</p>
        {children}
      </Empty>
    );
  return (
    <div className="empty" role="alert">
      <Icon name="warn" size={24} />
      <p className="empty-title">{t.state.failed}</p>
      <p className="k">{error instanceof Error ? error.message : t.problem.unexpected}</p>
      {retry && status !== 404 && (
        <button type="button" className="btn" onClick={retry}>
          {t.state.retry}
        </button>
      )}
      {children}
    </div>
  );
};

export const Tag = ({ tone, children }: { tone?: 'good' | 'warn' | 'bad'; children: ReactNode }) => (
  <span className={tone ? `tag ${tone}` : 'tag'}>{children}</span>
);
