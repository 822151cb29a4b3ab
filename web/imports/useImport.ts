import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { api, upload } from '../api/client.ts';
import { makeKept } from '../ui/kept.ts';

interface Started {
  id: string;
  state: 'running' | 'done' | 'failed';
}

/** The newest import of each kind: who leaves the page finds it again, with what it says of its lines. */
const newest = makeKept('import', () => ({ id: null as string | null }));

/** Uploads to `path` with progress, then asks every half second how far the import is, until it ended. */
export const useImport = <T extends Started>(path: string, ended: () => void) => {
  const client = useQueryClient();
  const { id } = newest.use(path);
  const setId = (next: string | null) => newest.set(path, { id: next });
  const [sent, setSent] = useState<number | null>(null);
  const [error, setError] = useState<Error | null>(null);
  const key = ['import', path, id];
  const state = useQuery({
    queryKey: key,
    enabled: id !== null,
    queryFn: ({ signal }) => api<T>(`${path}/${encodeURIComponent(id ?? '')}`, { signal }),
    refetchInterval: query => (query.state.data && query.state.data.state !== 'running' ? false : 500),
  });
  const send = async (form: FormData) => {
    setError(null);
    setId(null);
    setSent(0);
    try {
      const started = await upload<T>(path, form, setSent);
      client.setQueryData(['import', path, started.id], started);
      setId(started.id);
    } catch (fault) {
      setError(fault as Error);
    }
    setSent(null);
  };
  const finished = state.data !== undefined && state.data.state !== 'running';
  // biome-ignore lint/correctness/useExhaustiveDependencies: told once, when it ended
  useEffect(() => {
    if (finished) ended();
  }, [finished, id]);
  return { send, sent, error: error ?? state.error, job: state.data };
};
