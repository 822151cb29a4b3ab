import { useQuery } from '@tanstack/react-query';
import { api } from '../api/client.ts';
import type { RegisterEvent } from '../api/types.ts';
import { exact } from '../i18n/format.ts';
import { t } from '../i18n/index.ts';
import { Failed, Skeleton } from '../ui/parts.tsx';

/** A field's name as words, from 'deliveryTerms', 'delivery-terms' or 'delivery_terms'. */
const spoken = (name: string): string => {
  const words = name.replace(/([a-z0-9])([A-Z])/g, (_, a, b) => `${a} ${b.toLowerCase()}`).replace(/[_-]+/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
};

const isPlain = (value: unknown): boolean => typeof value !== 'object' || value === null;

const textOf = (value: unknown): string => {
  if (value === null) return t.event.none;
  if (typeof value === 'boolean') return value ? t.event.yes : t.event.no;
  if (Array.isArray(value) && value.every(isPlain)) return value.map(textOf).join(', ');
  return isPlain(value) ? String(value) : JSON.stringify(value, null, 2);
};

/** Label and text of each field; nested objects are flattened. */
const rowsOf = (data: unknown, group = ''): [string, string][] => {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return [[group || t.event.data, textOf(data)]];
  return Object.entries(data).flatMap(([name, value]) => rowsOf(value, group ? `${group}: ${name}` : spoken(name)));
};

/** The data of a register event (booking, purchase, order, …). Loaded only when the entry is opened, since each read is logged. */
const EventData = ({ id }: { id: string }) => {
  const event = useQuery({
    queryKey: ['register-event', id],
    queryFn: ({ signal }) => api<RegisterEvent>(`/register-events/${encodeURIComponent(id)}`, { signal }),
    staleTime: 60_000,
  });
  if (event.isError) return <Failed error={event.error} retry={() => void event.refetch()} />;
  if (!event.data) return <Skeleton rows={3} />;
  const { event: name, occurredAt, externalId, data, revisions } = event.data;
  const rows: [string, string][] = [
    [t.event.what, spoken(name)],
    [t.event.when, exact(new Date(occurredAt))],
    ...(data === null ? [] : rowsOf(data)),
    ...(externalId ? [[t.event.number, externalId] as [string, string]] : []),
    ...(revisions.length > 0 ? [[t.event.changed, t.message.revisions(revisions.length)] as [string, string]] : []),
  ];
  return (
    <dl className="event-data">
      {rows.map(([words, value]) => (
        <div key={words}>
          <dt>{words}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
};

export default EventData;
